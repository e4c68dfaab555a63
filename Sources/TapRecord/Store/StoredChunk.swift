import TapCore

/// Reads the records of a chunk.
enum StoredChunk {
    /// The bytes of a chunk, which are those that the log says.
    ///
    /// - Throws: they cannot be read, or are others.
    static func bytes(_ entry: ChunkEntry, _ file: any DiskFile) throws(StoreProblem) -> [UInt8] {
        let place = "\(SegmentWriter.path(entry.segment)), bytes \(entry.offset) to \(entry.offset &+ entry.length)"
        let size = try StoreProblem.catching { () throws(DiskError) in try file.size() }
        guard entry.offset <= size, entry.length <= size - entry.offset else {
            throw StoreProblem(place, "the file ends before", "'tap verify' shows what of the store holds")
        }
        let bytes = try StoreProblem.catching { () throws(DiskError) in
            try file.read(at: entry.offset, count: Int(entry.length))
        }
        guard Digest.of(bytes).bytes == entry.sha256 else {
            throw StoreProblem(place, "were altered", "'tap verify' shows what of the store holds")
        }
        return bytes
    }

    /// Gives the records to a sink in the order in which the source gave them.
    static func decode(_ entry: ChunkEntry, _ bytes: [UInt8], into sink: inout some RawSink & ~Copyable)
        throws(StoreProblem)
    {
        let first = 16 + 4 * entry.source
        var offset = MCAP.recordHeader + MCAP.chunkFields
        guard bytes.count >= offset, bytes[0] == MCAP.Opcode.chunk.rawValue else { throw problem(entry, "is no chunk") }
        // Past what is there it is the same how far.
        func length(at offset: Int) -> Int { Int(min(bytes.little(UInt64.self, at: offset), UInt64(bytes.count))) }
        let end = MCAP.recordHeader + length(at: 1)
        guard end <= bytes.count else { throw problem(entry, "goes beyond its place") }
        while offset < end {
            let before = MCAP.recordHeader + MCAP.messageFields
            guard end - offset >= before, bytes[offset] == MCAP.Opcode.message.rawValue else {
                throw problem(entry, "holds something else than messages")
            }
            let next = offset + MCAP.recordHeader + length(at: offset + 1)
            guard next <= end, next >= offset + before else {
                throw problem(entry, "holds a message that goes beyond it")
            }
            let kind: SpanMessage.Kind
            switch UInt32(bytes.little(UInt16.self, at: offset + MCAP.recordHeader)) {
            case first: kind = .edges
            case first + 1: kind = .events
            case first + 2: kind = .scans
            default: throw problem(entry, "holds a message of another source")
            }
            do throws(ProtoProblem) {
                try SpanDecoder.decode(kind, bytes[(offset + before)..<next], into: &sink)
            } catch { throw problem(entry, "holds a message that cannot be read: \(error)") }
            offset = next
        }
    }

    private static func problem(_ entry: ChunkEntry, _ what: String) -> StoreProblem {
        StoreProblem(
            "\(SegmentWriter.path(entry.segment)), byte \(entry.offset)", what,
            "it was written by another program")
    }
}
