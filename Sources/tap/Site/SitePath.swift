import Glibc

/// Where a file is, as a site file beside it writes it.
enum SitePath {
    /// - Parameters:
    ///   - path: as it is found from here.
    ///   - file: that is to name it, found from here too; nil: one in this folder.
    static func of(_ path: String, from file: String?) -> String {
        guard !path.hasPrefix("/"), let file, file.contains("/") else { return path }
        let folder = parts(file).dropLast()
        let target = parts(path)
        let common = zip(folder, target).prefix { $0 == $1 }.count
        let up = Array(repeating: "..", count: folder.count - common)
        return (up + target.dropFirst(common)).joined(separator: "/")
    }

    /// From the root on, without `.` and `..`.
    private static func parts(_ path: String) -> [String] {
        var whole = path
        // The buffer is the C library's until it is freed.
        if !path.hasPrefix("/"), let here = unsafe getcwd(nil, 0) {
            whole = unsafe String(cString: here) + "/" + path
            unsafe free(here)
        }
        var parts: [String] = []
        for part in whole.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
        }
        return parts
    }
}
