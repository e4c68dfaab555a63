import TapCore

/// The chunks of a segment file up to where the log says that the last one ends.
struct SegmentScan {
    /// The session's first.
    private(set) var chunks: [ChunkPlace] = []
    /// The message Session, and its log_time.
    private(set) var session: [UInt8] = []
    private(set) var sessionTime: UInt64 = 0
    /// First bytes of chunks that a cut kept from being written, with their places.
    private(set) var unwritten: [(offset: UInt64, bytes: [UInt8])] = []

    /// Reads the file from its beginning. Writes nothing, so a file that was opened for reading will do; where a cut came
    /// before a chunk's first nine bytes were written, `unwritten` has them.
    ///
    /// - Throws: the file cannot be read, or is not what the log says.
    init(_ file: any DiskFile, upTo end: UInt64) throws(StoreProblem) {
        var offset = UInt64(MCAP.magic.count)
        while offset < end {
            var header = try SegmentScan.header(file, at: offset)
            if header.opcode == MCAP.Opcode.freeSpace.rawValue {
                header = try SegmentScan.chunkHeader(file, at: offset)
                unwritten.append((offset, MCAP.recordHeader(.chunk, header.length)))
            }
            let (length, isTooLong) = header.length.addingReportingOverflow(UInt64(MCAP.recordHeader))
            guard !isTooLong, length <= end - offset else {
                throw SegmentScan.problem(offset, "a record that goes beyond the last chunk")
            }
            switch MCAP.Opcode(rawValue: header.opcode) {
            case .chunk: try chunk(file, at: offset, length)
            case .messageIndex: try index(file, at: offset, length)
            case .padding: if let last = chunks.indices.last { chunks[last].length += length }
            case .header, .schema, .channel: break
            default: throw SegmentScan.problem(offset, "a record that does not belong there")
            }
            offset += length
        }
        guard !session.isEmpty else { throw SegmentScan.problem(end, "no session before it") }
    }

    /// Up to its first chunk, which has the session; nothing of the log is asked.
    ///
    /// - Throws: as `init(_:upTo:)`.
    init(headOf file: any DiskFile) throws(StoreProblem) {
        var offset = UInt64(MCAP.magic.count)
        var header = try SegmentScan.header(file, at: offset)
        let before: [MCAP.Opcode] = [.header, .schema, .channel]
        while let opcode = MCAP.Opcode(rawValue: header.opcode), before.contains(opcode), header.length < 1 << 24 {
            offset += UInt64(MCAP.recordHeader) + header.length
            header = try SegmentScan.header(file, at: offset)
        }
        guard header.opcode == MCAP.Opcode.chunk.rawValue, header.length < 1 << 24 else {
            throw SegmentScan.problem(offset, "a record that does not belong there")
        }
        try self.init(file, upTo: offset + UInt64(MCAP.recordHeader) + header.length)
    }

    static func problem(_ offset: UInt64, _ what: String) -> StoreProblem {
        StoreProblem("byte \(offset) of a segment", what, "'tap verify' shows what of the store holds")
    }

    static func header(_ file: any DiskFile, at offset: UInt64) throws(StoreProblem) -> (opcode: UInt8, length: UInt64)
    {
        let bytes = try StoreProblem.catching { () throws(DiskError) in
            try file.read(at: offset, count: MCAP.recordHeader)
        }
        guard bytes.count == MCAP.recordHeader else { throw problem(offset, "the file ends there") }
        return (bytes[0], bytes.little(UInt64.self, at: 1))
    }

    /// Of a chunk whose first nine bytes are still those of free space.
    private static func chunkHeader(
        _ file: any DiskFile, at offset: UInt64
    ) throws(StoreProblem) -> (opcode: UInt8, length: UInt64) {
        let fields = try StoreProblem.catching { () throws(DiskError) in
            try file.read(at: offset + UInt64(MCAP.recordHeader), count: MCAP.chunkFields)
        }
        guard fields.count == MCAP.chunkFields else { throw problem(offset, "the file ends there") }
        let length = UInt64(MCAP.chunkFields).addingReportingOverflow(fields.little(UInt64.self, at: 16)).partialValue
        return (MCAP.Opcode.chunk.rawValue, length)
    }

    private mutating func chunk(_ file: any DiskFile, at offset: UInt64, _ length: UInt64) throws(StoreProblem) {
        let fields = try StoreProblem.catching { () throws(DiskError) in
            try file.read(at: offset + UInt64(MCAP.recordHeader), count: MCAP.chunkFields)
        }
        guard fields.count == MCAP.chunkFields, length >= UInt64(MCAP.recordHeader + MCAP.chunkFields) else {
            throw SegmentScan.problem(offset, "a chunk that is too short")
        }
        chunks.append(
            ChunkPlace(
                offset: offset, recordLength: length, length: length, firstTime: fields.little(UInt64.self, at: 0),
                lastTime: fields.little(UInt64.self, at: 8), indexes: [], indexLength: 0))
        guard chunks.count == 1 else { return }
        // One message: channel, sequence and two times before its bytes.
        let before = UInt64(2 * MCAP.recordHeader + MCAP.chunkFields + MCAP.messageFields)
        guard length >= before, length < 1 << 24 else {
            throw SegmentScan.problem(offset, "a session of no sensible size")
        }
        session = try StoreProblem.catching { () throws(DiskError) in
            try file.read(at: offset + before, count: Int(length - before))
        }
        sessionTime = chunks[0].firstTime
    }

    private mutating func index(_ file: any DiskFile, at offset: UInt64, _ length: UInt64) throws(StoreProblem) {
        guard let last = chunks.indices.last else { throw SegmentScan.problem(offset, "an index before any chunk") }
        let fields = try StoreProblem.catching { () throws(DiskError) in
            try file.read(at: offset + UInt64(MCAP.recordHeader), count: 2 + 4)
        }
        guard fields.count == 6 else { throw SegmentScan.problem(offset, "the file ends there") }
        let channel = fields.little(UInt16.self, at: 0)
        chunks[last].indexes.append(ChunkPlace.Index(channel: channel, offset: offset))
        chunks[last].messages[channel] = UInt64(fields.little(UInt32.self, at: 2)) / 16
        chunks[last].indexLength += length
        chunks[last].length += length
    }

    /// Writes what a cut kept from being written. On the medium once the file is synced.
    func finish(_ file: any DiskFile) throws(DiskError) {
        for (offset, bytes) in unwritten { try file.write(bytes, at: offset) }
    }

    /// For the ending of this file.
    func parts(source: UInt32) -> SegmentParts { SegmentParts(source: source, session: session, logTime: sessionTime) }

    /// How many bytes behind the free space's header are not zeros, up to the last that is none.
    static func written(_ file: any DiskFile, behind end: UInt64, of size: UInt64) throws(DiskError) -> UInt64 {
        let first = end + UInt64(MCAP.recordHeader)
        let last = min(try file.size(), size - UInt64(MCAP.ending.count))
        var (offset, found) = (first, first)
        while offset < last {
            let piece = try file.read(at: offset, count: Int(min(1 << 16, last - offset)))
            guard !piece.isEmpty else { break }
            if let index = piece.lastIndex(where: { $0 != 0 }) { found = offset + UInt64(index) + 1 }
            offset += UInt64(piece.count)
        }
        return found - first
    }
}

extension [UInt8] {
    /// An integer at a place; the bytes must be there.
    func little<Integer: FixedWidthInteger & UnsignedInteger>(_ type: Integer.Type, at offset: Int) -> Integer {
        var value: Integer = 0
        for index in 0..<type.bitWidth / 8 { value |= Integer(self[offset + index]) << Integer(8 * index) }
        return value
    }
}
