import TapCore

/// Some entries of a log and the chunks of which they are, as a disk that `StoreReader` reads: a log of these entries alone.
///
/// Nothing can be written to it.
final class PartDisk: Disk {
    private let edge: BytesFile
    private let segments: @Sendable (String) throws(DiskError) -> any DiskFile

    /// - Parameters:
    ///   - entries: from `init` on, in their order.
    ///   - segments: opens a segment by its path.
    init(
        _ entries: some Sequence<[UInt8]>, segments: @escaping @Sendable (String) throws(DiskError) -> any DiskFile
    ) {
        var bytes = LogEdge.head(0, [])
        for entry in entries { LogEdge.appendItem(.leaf(entry), entry[...], to: &bytes) }
        edge = BytesFile(bytes)
        self.segments = segments
    }

    func openToRead(_ path: String) throws(DiskError) -> any DiskFile {
        path == LogEdge.path ? edge : try segments(path)
    }

    func names(in directory: String) throws(DiskError) -> [String] { [] }
    func open(_ path: String, creating: Bool) throws(DiskError) -> any DiskFile {
        throw DiskError("open", path, .readOnly)
    }
    func makeDirectory(_ path: String) throws(DiskError) { throw DiskError("make", path, .readOnly) }
    func rename(_ path: String, to newPath: String) throws(DiskError) { throw DiskError("rename", path, .readOnly) }
    func remove(_ path: String) throws(DiskError) { throw DiskError("remove", path, .readOnly) }
    func syncDirectory(_ path: String) throws(DiskError) {}
    func freeBytes() -> UInt64? { nil }
}

/// What cannot be written.
protocol ReadOnlyFile: DiskFile {}

extension ReadOnlyFile {
    func write(_ bytes: [UInt8], at offset: UInt64) throws(DiskError) { throw DiskError("write", "", .readOnly) }
    func sync() throws(DiskError) {}
    func resize(to size: UInt64) throws(DiskError) { throw DiskError("resize", "", .readOnly) }
}

/// Bytes in memory.
final class BytesFile: ReadOnlyFile {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func size() throws(DiskError) -> UInt64 { UInt64(bytes.count) }

    func read(at offset: UInt64, count: Int) throws(DiskError) -> [UInt8] {
        guard offset < bytes.count else { return [] }
        return Array(bytes[Int(offset)...].prefix(count))
    }
}

/// A segment of which a proof has the head and some chunks, one behind the other: read as if they stood in it where they did.
final class PartSegment: ReadOnlyFile {
    private let file: any DiskFile
    /// Where pieces stood in the segment, and where they are now.
    private let pieces: [(begin: UInt64, length: UInt64, place: UInt64)]

    /// - Parameter offset: of the head in the file.
    init(_ segment: ProofSegment, in file: any DiskFile, at offset: UInt64) {
        self.file = file
        var pieces = [(begin: UInt64(0), length: segment.entry.length, place: offset)]
        var place = offset + segment.entry.length
        for chunk in segment.chunks {
            pieces.append((chunk.offset, chunk.length, place))
            place += chunk.length
        }
        self.pieces = pieces
    }

    func size() throws(DiskError) -> UInt64 { pieces.last.map { $0.begin + $0.length } ?? 0 }

    /// Of one piece; what goes beyond it is left out.
    func read(at offset: UInt64, count: Int) throws(DiskError) -> [UInt8] {
        var (low, high) = (0, pieces.count)
        while low < high {
            let middle = (low + high) / 2
            if pieces[middle].begin <= offset { low = middle + 1 } else { high = middle }
        }
        guard low > 0, offset < pieces[low - 1].begin + pieces[low - 1].length else { return [] }
        let piece = pieces[low - 1]
        let left = piece.begin + piece.length - offset
        return try file.read(at: piece.place + (offset - piece.begin), count: Int(min(left, UInt64(count))))
    }
}
