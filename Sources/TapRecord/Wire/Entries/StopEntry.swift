import TapCore

/// Recording ended in order.
struct StopEntry: Sendable, Hashable {
    var session: UInt64 = 0
    var why = ""
    var monotonic = Timestamp.zero
    var utc_ns: UInt64 = 0
    /// By source, nanoseconds in its clock.
    var lastWatermarks: [UInt64] = []
    /// To the medium since the store was made, in bytes.
    var writtenBytes: UInt64 = 0
}

extension StopEntry: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint64(1, session)
        writer.string(2, why)
        writer.uint64(3, monotonic.nanoseconds)
        writer.uint64(4, utc_ns)
        writer.packed(5, lastWatermarks)
        writer.uint64(6, writtenBytes)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init()
        while let field = try reader.next() {
            switch field {
            case 1: session = try reader.uint64()
            case 2: why = try reader.string()
            case 3: monotonic = try reader.timestamp()
            case 4: utc_ns = try reader.uint64()
            case 5: try reader.repeated(into: &lastWatermarks)
            case 6: writtenBytes = try reader.uint64()
            default: try reader.skip()
            }
        }
    }
}
