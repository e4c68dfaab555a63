import Crypto
import TapCore

/// One segment file that is being written: a whole MCAP file at every instant (docs/formats/record.md, Segments).
///
/// A call that throws leaves it unusable: what was written since the last `commit` may be lost.
final class SegmentWriter {
    let number: UInt64
    /// Of its source.
    let source: UInt32
    /// Of the head, for the log.
    let head: (length: UInt64, digest: [UInt8])
    /// Of the file.
    let size: UInt64
    private let file: any DiskFile
    private let parts: SegmentParts
    /// Where the free space's record begins.
    private(set) var end: UInt64
    /// Where it began before chunks that have no entry yet.
    private(set) var committed: UInt64
    /// Chunks whose content is written, and whose first nine bytes may still be those of free space.
    private var pending: (offset: UInt64, bytes: [UInt8])?
    private var chunks: [ChunkPlace] = []
    private var sequences: [UInt16: UInt32] = [:]

    static func path(_ number: UInt64) -> String { "segments/\(String(String(100_000_000 + number).dropFirst())).mcap" }

    /// Makes the file, whole and on the medium with its name.
    ///
    /// - Parameter size: of the file, with room for head and ending at least.
    init(_ number: UInt64, of parts: SegmentParts, size: UInt64, on disk: any Disk) throws(DiskError) {
        self.number = number
        self.parts = parts
        source = parts.source
        let made = parts.head()
        chunks = [made.session]
        let length = UInt64(made.bytes.count)
        let size = max(size, length + UInt64(MCAP.recordHeader + MCAP.ending.count))
        self.size = size
        head = (length, Array(SHA256.hash(data: made.bytes)))
        (end, committed) = (length, length)
        let path = SegmentWriter.path(number)
        // One that failed before it had an entry.
        try disk.removeIfThere(path)
        file = try disk.open(path, creating: true)
        try file.resize(to: size)
        try file.write(made.bytes + SegmentWriter.freeSpace(from: length, of: size), at: 0)
        try file.write(MCAP.ending, at: size - UInt64(MCAP.ending.count))
        try file.sync()
        try disk.syncDirectory("segments")
    }

    /// Nine bytes.
    static func freeSpace(from offset: UInt64, of size: UInt64) -> [UInt8] {
        MCAP.recordHeader(.freeSpace, size - UInt64(MCAP.ending.count) - offset - UInt64(MCAP.recordHeader))
    }

    /// What a seal needs behind a chunk of this length.
    private func sealLength(more: Int) -> UInt64 {
        UInt64(MCAP.recordHeader + parts.summaryLength(chunks: chunks.count + more) + 128)
    }

    func hasRoom(for length: Int) -> Bool {
        end + UInt64(length) + 2 * UInt64(MCAP.recordHeader) + sealLength(more: 1) + UInt64(MCAP.ending.count) <= size
    }

    /// The number of the next message on a channel.
    func nextSequence(_ channel: UInt16) -> UInt32 {
        let next = sequences[channel, default: 0]
        sequences[channel] = next &+ 1
        return next
    }

    /// Writes a chunk behind what is there, not yet visible: `publish` follows.
    func append(
        _ chunk: inout ChunkBytes, _ label: (SpanMessage) -> ChunkBytes.Label
    ) throws(DiskError) -> (place: ChunkPlace, digest: [UInt8]) {
        let place = chunk.put(at: end, label)
        let digest = Digest.of(chunk.bytes).bytes
        // The first one hides those behind it.
        let isHidden = pending == nil
        try chunk.write(to: file, at: end, of: size, isHidden: isHidden)
        if isHidden { pending = (end, Array(chunk.bytes.prefix(MCAP.recordHeader))) }
        chunks.append(place)
        end += place.length
        return (place, digest)
    }

    /// Brings onto the medium what was written.
    func sync() throws(DiskError) { try file.sync() }

    /// Makes visible what was appended, after `sync`. On the medium with the next `sync`.
    func publish() throws(DiskError) {
        guard let pending else { return }
        try file.write(pending.bytes, at: pending.offset)
        self.pending = nil
    }

    /// All that was appended, published and synced has entries.
    func commit() { committed = end }

    /// Completes the file. Nothing may be pending.
    ///
    /// - Returns: what the seal covers.
    func seal() throws(DiskError) -> (offset: UInt64, length: UInt64, digest: [UInt8]) {
        try SegmentWriter.seal(file, from: end, parts: parts, chunks: chunks)
    }

    /// What the seal of a file covers that was completed but for its entry; nil: it was not.
    static func sealed(
        _ file: any DiskFile, from end: UInt64, parts: SegmentParts, chunks: [ChunkPlace]
    ) throws(DiskError) -> (offset: UInt64, length: UInt64, digest: [UInt8])? {
        let header = MCAP.recordHeader(.freeSpace, 0)
        let bytes = header + parts.ending(chunks, from: end + UInt64(header.count))
        let length = UInt64(bytes.count)
        guard try file.size() == end + length, try file.read(at: end, count: bytes.count) == bytes else { return nil }
        try file.sync()
        return (end, length, Array(SHA256.hash(data: bytes)))
    }

    /// Completes a file behind its last chunk.
    static func seal(
        _ file: any DiskFile, from end: UInt64, parts: SegmentParts, chunks: [ChunkPlace]
    ) throws(DiskError) -> (offset: UInt64, length: UInt64, digest: [UInt8]) {
        let header = MCAP.recordHeader(.freeSpace, 0)
        let content = parts.ending(chunks, from: end + UInt64(header.count))
        try file.write(content, at: end + UInt64(header.count))
        try file.sync()
        try file.write(header, at: end)
        try file.sync()
        let length = UInt64(header.count + content.count)
        try file.resize(to: end + length)
        try file.sync()
        return (end, length, Array(SHA256.hash(data: header + content)))
    }
}
