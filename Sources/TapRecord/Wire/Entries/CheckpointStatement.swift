/// What somebody outside said of a checkpoint of this log, as an entry has it.
protocol CheckpointStatement: ProtoMessage {
    /// Of the checkpoint.
    var size: UInt64 { get }
    var root: [UInt8] { get }
    /// Who said it.
    var author: String { get }
    /// What shows that.
    var evidence: [UInt8] { get }

    init(size: UInt64, root: [UInt8], author: String, evidence: [UInt8])
}

extension CheckpointStatement {
    func encode(into writer: inout ProtoWriter) {
        writer.uint64(1, size)
        writer.bytes(2, root)
        writer.string(3, author)
        writer.bytes(4, evidence)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        var (size, root, author, evidence) = (UInt64(0), [UInt8](), "", [UInt8]())
        while let field = try reader.next() {
            switch field {
            case 1: size = try reader.uint64()
            case 2: root = try reader.array()
            case 3: author = try reader.string()
            case 4: evidence = try reader.array()
            default: try reader.skip()
            }
        }
        self.init(size: size, root: root, author: author, evidence: evidence)
    }
}
