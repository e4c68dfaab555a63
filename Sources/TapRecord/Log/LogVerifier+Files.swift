import TapCore

extension LogVerifier {
    /// Looks for files below `tile` that are no part of the log. To be called once, where `next` gave nil.
    ///
    /// Names that end with `.new` are left out: a cut leaves such files, and nothing reads them.
    public mutating func checkNames() throws(LogProblem) {
        var found: [(path: String, level: Int?, number: UInt64?)] = []
        for name in try names(in: "tile") where !name.hasSuffix(".new") {
            let directory = "tile/\(name)"
            let level = name == "entries" ? 0 : Int(name)
            guard let level, name == "entries" || String(level) == name, level < 7 else {
                found.append((directory, nil, nil))
                continue
            }
            for path in try paths(in: directory, depth: 0) {
                let relative = path.dropFirst(directory.utf8.count + 1)
                found.append((path, level, LogVerifier.number(relative)))
            }
        }
        // Counted afterwards: meanwhile a recorder may have gone on.
        var edge = try EdgeReader(on: disk)
        while try edge.next() != nil {}
        for (path, level, number) in found {
            if let level, let number, number < edge.index >> UInt64(8 * (level + 1)) { continue }
            add(LogProblem(path, .unexpected))
        }
    }

    /// Of all files below a directory.
    private func paths(in directory: String, depth: Int) throws(LogProblem) -> [String] {
        var paths: [String] = []
        for name in try names(in: directory) {
            let path = "\(directory)/\(name)"
            if name.hasPrefix("x"), depth < 5 {
                do throws(LogProblem) { paths += try self.paths(in: path, depth: depth + 1) } catch {
                    guard case .disk(let failed) = error.what, failed.errno == .notDirectory else { throw error }
                    paths.append(path)
                }
            } else if !name.hasSuffix(".new") {
                paths.append(path)
            }
        }
        return paths
    }

    private func names(in directory: String) throws(LogProblem) -> [String] {
        do throws(DiskError) { return try disk.names(in: directory) } catch { throw LogProblem(error, in: directory) }
    }

    /// Of a tile's name, as `x001/234`; nil: anything else.
    private static func number(_ name: Substring) -> UInt64? {
        let digits = name.utf8.filter { $0 != UInt8(ascii: "x") && $0 != UInt8(ascii: "/") }
        guard digits.count <= 18, let number = UInt64(String(decoding: digits, as: UTF8.self)),
            Tile.name(number) == name
        else { return nil }
        return number
    }
}
