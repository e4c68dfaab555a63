/// What an operator entered, or that a cosignature or a time stamp arrived.
struct RemarkEntry: Sendable, Hashable {
    var author = ""
    var text = ""
    /// When it was entered, by the machine's clock.
    var utc_ns: UInt64 = 0
    /// Of the request, so that it is entered once.
    var id: [UInt8] = []
    /// Both nil: it is an operator's.
    var cosignature: EnteredCosignature?
    var timeStamp: EnteredTimeStamp?

    /// That something arrived from outside.
    var isArrival: Bool { cosignature != nil || timeStamp != nil }
}

extension RemarkEntry: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.string(1, author)
        writer.string(2, text)
        writer.uint64(3, utc_ns)
        writer.bytes(4, id)
        if let cosignature { writer.message(5, cosignature) }
        if let timeStamp { writer.message(6, timeStamp) }
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init()
        while let field = try reader.next() {
            switch field {
            case 1: author = try reader.string()
            case 2: text = try reader.string()
            case 3: utc_ns = try reader.uint64()
            case 4: id = try reader.array()
            case 5: cosignature = try reader.message()
            case 6: timeStamp = try reader.message()
            default: try reader.skip()
            }
        }
    }
}
