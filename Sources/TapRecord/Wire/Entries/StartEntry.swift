import TapCore

/// Recording begins: a session.
struct StartEntry: Sendable, Hashable {
    /// From 1 on.
    var session: UInt64 = 0
    var bootID = BootID(high: 0, low: 0)
    /// nil: the machine has none.
    var machineID: BootID?
    var monotonic = Timestamp.zero
    /// By the machine's clock.
    var utc_ns: UInt64 = 0
    /// Of tap.
    var version = ""
    /// Of the program that records.
    var programSHA256: [UInt8] = []
    /// Of the session's message Session.
    var headerSHA256: [UInt8] = []
    /// In the order of their numbers, from 0 on.
    var sources: [SourceTable] = []
    /// Of segments; nil: no limit.
    var keepBytes: UInt64?
    /// Of recorded time; nil: no limit.
    var keepFor: Nanoseconds?
    /// Left free on the medium where one of the two is set, in bytes.
    var keepFree: UInt64 = 0
    /// Of sources that have another than 1, by name.
    var shares: [SourceShare] = []
}

extension StartEntry: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint64(1, session)
        writer.bytes(2, bootID.bytes)
        writer.bytes(3, machineID?.bytes ?? [])
        writer.uint64(4, monotonic.nanoseconds)
        writer.uint64(5, utc_ns)
        writer.string(6, version)
        writer.bytes(7, programSHA256)
        writer.bytes(8, headerSHA256)
        writer.messages(9, sources)
        writer.uint64(10, ifPresent: keepBytes)
        writer.uint64(11, ifPresent: keepFor?.word)
        writer.uint64(12, keepFree)
        writer.messages(13, shares)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init()
        while let field = try reader.next() {
            switch field {
            case 1: session = try reader.uint64()
            case 2: bootID = try reader.bootID()
            case 3: machineID = try reader.bootID()
            case 4: monotonic = try reader.timestamp()
            case 5: utc_ns = try reader.uint64()
            case 6: version = try reader.string()
            case 7: programSHA256 = try reader.array()
            case 8: headerSHA256 = try reader.array()
            case 9: sources.append(try reader.message())
            case 10: keepBytes = try reader.uint64()
            case 11: keepFor = try reader.nanoseconds()
            case 12: keepFree = try reader.uint64()
            case 13: shares.append(try reader.message())
            default: try reader.skip()
            }
        }
    }
}
