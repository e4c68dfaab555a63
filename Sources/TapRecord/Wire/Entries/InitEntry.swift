/// The first entry of a log, and only the first.
struct InitEntry: Sendable, Hashable {
    /// 1.
    var format: UInt32 = 0
    var origin = ""
    /// hardware, emulated-kernel, simulated or replayed.
    var provenance = ""
    /// Verifier key, as text.
    var logKey = ""
    /// By the machine's clock.
    var utc_ns: UInt64 = 0
}

extension InitEntry: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint32(1, format)
        writer.string(2, origin)
        writer.string(3, provenance)
        writer.string(4, logKey)
        writer.uint64(5, utc_ns)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init()
        while let field = try reader.next() {
            switch field {
            case 1: format = try reader.uint32()
            case 2: origin = try reader.string()
            case 3: provenance = try reader.string()
            case 4: logKey = try reader.string()
            case 5: utc_ns = try reader.uint64()
            default: try reader.skip()
            }
        }
    }
}
