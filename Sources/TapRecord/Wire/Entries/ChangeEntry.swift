/// How a session differs from the one before it: behind its start.
struct ChangeEntry: Sendable, Hashable {
    var session: UInt64 = 0
    /// One difference each, in words.
    var what: [String] = []
}

extension ChangeEntry: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint64(1, session)
        for what in what { writer.string(2, ifPresent: what) }
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init()
        while let field = try reader.next() {
            switch field {
            case 1: session = try reader.uint64()
            case 2: what.append(try reader.string())
            default: try reader.skip()
            }
        }
    }
}
