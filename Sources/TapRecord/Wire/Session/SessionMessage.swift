import TapCore

/// What a session is: the first message of each of its segments.
struct SessionMessage: Sendable, Hashable {
    /// From 1 on.
    var session: UInt64
    var header: SessionHeader
    /// log_time of MCAP is monotonic time and this.
    var logTimeOffset: Nanoseconds

    init(session: UInt64, header: SessionHeader, logTimeOffset: Nanoseconds) {
        self.session = session
        self.header = header
        self.logTimeOffset = logTimeOffset
    }

    /// What the log's entry `start` says of the sources.
    var sourceTables: [SourceTable] { header.sources.map(SourceTable.init) }
}

extension SessionMessage: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint64(1, session)
        writer.string(2, header.version)
        writer.string(3, header.provenance.rawValue)
        writer.string(4, header.board)
        writer.uint64(5, header.origin.nanoseconds)
        if let fix = header.fix { writer.message(6, fix) }
        writer.string(7, header.kernel)
        writer.messages(8, header.sources)
        writer.uint64(9, ifPresent: header.seed)
        writer.uint64(10, ifPresent: header.shortestPulse?.word)
        for note in header.notes { writer.string(11, ifPresent: note) }
        writer.sint64(12, logTimeOffset.count)
    }

    /// Its words are made fit for a message of one line, as those of every header.
    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        var header = SessionHeader(version: "", board: "", origin: .zero, fix: nil, kernel: "", sources: [])
        var session: UInt64 = 0
        var logTimeOffset = Nanoseconds.zero
        var provenance: Provenance?
        while let field = try reader.next() {
            switch field {
            case 1: session = try reader.uint64()
            case 2: header.version = try reader.printed()
            case 3: provenance = try reader.word("provenance")
            case 4: header.board = try reader.string()
            case 5: header.origin = try reader.timestamp()
            case 6: header.fix = try reader.message()
            case 7: header.kernel = try reader.string()
            case 8: header.sources.append(try reader.message())
            case 9: header.seed = try reader.uint64()
            case 10: header.shortestPulse = try reader.nanoseconds()
            case 11: header.notes.append(try reader.printed(longest: .max))
            case 12: logTimeOffset = Nanoseconds(try reader.sint64())
            default: try reader.skip()
            }
        }
        guard let provenance else { throw reader.problem("a session without a provenance") }
        var printed = SessionHeader(
            version: header.version, board: header.board, origin: header.origin, fix: header.fix,
            kernel: header.kernel, sources: header.sources, seed: header.seed, shortestPulse: header.shortestPulse,
            notes: header.notes)
        printed.provenance = provenance
        self.init(session: session, header: printed, logTimeOffset: logTimeOffset)
    }
}
