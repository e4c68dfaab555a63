import Glibc

/// A folder that goes with the test.
public final class ScratchFolder {
    public let path: String

    public init() {
        var template = Array("/tmp/tap-formats-XXXXXX".utf8CString)
        _ = unsafe template.withUnsafeMutableBufferPointer { unsafe mkdtemp($0.baseAddress!) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        let paths = [path] as [String]
        for folder in paths { removeAll(in: folder) }
    }

    private func removeAll(in folder: String) {
        if let stream = unsafe opendir(folder) {
            while let entry = unsafe readdir(stream) {
                let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) {
                    unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                }
                _ = unsafe unlink("\(folder)/\(name)")
            }
            unsafe closedir(stream)
        }
        _ = unsafe rmdir(folder)
    }

    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file anew.
    public func write(_ name: String, _ bytes: [UInt8]) -> String {
        let descriptor = unsafe open(file(name), O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        precondition(descriptor >= 0)
        defer { close(descriptor) }
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress! + done, bytes.count - done)
            }
            precondition(count > 0)
            done += count
        }
        return file(name)
    }

    public func write(_ name: String, _ text: String) -> String { write(name, Array(text.utf8)) }

    public func read(_ name: String) -> [UInt8] {
        let descriptor = unsafe open(file(name), O_RDONLY)
        defer { close(descriptor) }
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe piece.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return all }
            all += piece.prefix(count)
        }
    }

    /// Names of what is there, in order.
    public var names: [String] {
        var names: [String] = []
        guard let stream = unsafe opendir(path) else { return [] }
        while let entry = unsafe readdir(stream) {
            names.append(
                unsafe withUnsafeBytes(of: entry.pointee.d_name) {
                    unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                })
        }
        unsafe closedir(stream)
        return names.filter { $0 != "." && $0 != ".." }.sorted()
    }
}
