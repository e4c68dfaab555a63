/// Tiles and bundles of C2SP tlog-tiles: their sizes, places and roots.
enum Tile {
    /// Digests of a full tile, and entries of a full bundle.
    static let width = 256
    static let byteCount = width * Digest.byteCount
    /// Of an entry.
    static let longestEntry = 65_535
    /// Of a bundle.
    static let longestBundle = width * (2 + longestEntry)

    static func path(level: Int, _ number: UInt64) -> String { "tile/\(level)/\(name(number))" }

    static func bundlePath(_ number: UInt64) -> String { "tile/entries/\(name(number))" }

    /// As `x001/x234/067`.
    static func name(_ number: UInt64) -> String {
        var name = digits(number % 1000)
        var rest = number / 1000
        while rest > 0 {
            name = "x\(digits(rest % 1000))/\(name)"
            rest /= 1000
        }
        return name
    }

    private static func digits(_ number: UInt64) -> String {
        let text = String(number)
        return String(repeating: "0", count: 3 - text.count) + text
    }

    /// Of a path, from the innermost on, without the store's own.
    static func directories(of path: String) -> [String] {
        let parts = path.split(separator: "/").dropLast()
        return (1...max(parts.count, 1)).reversed().map { parts.prefix($0).joined(separator: "/") }
    }

    /// Root of the subtree that a full tile, or a part of one, stands for.
    static func root(_ digests: [Digest]) -> Digest {
        var tree = Tree()
        for digest in digests { tree.append(digest) }
        return tree.root
    }

    static func bytes(_ digests: [Digest]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digests.count * Digest.byteCount)
        for digest in digests { digest.append(to: &bytes) }
        return bytes
    }

    /// A full tile's digests.
    ///
    /// - Throws: also where it is not there or has another size.
    static func read(level: Int, _ number: UInt64, on disk: any Disk) throws(LogProblem) -> [Digest] {
        let path = path(level: level, number)
        let bytes = try LogFile.contents(path, atMost: UInt64(byteCount), on: disk)
        guard bytes.count == byteCount else {
            throw LogProblem(path, .size(UInt64(bytes.count), expected: UInt64(byteCount)))
        }
        return digests(bytes)
    }

    /// - Parameter bytes: a multiple of 32.
    static func digests(_ bytes: [UInt8]) -> [Digest] {
        stride(from: 0, to: bytes.count, by: Digest.byteCount).compactMap { start in
            Digest(bytes[start..<start + Digest.byteCount])
        }
    }
}
