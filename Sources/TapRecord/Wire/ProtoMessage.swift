/// A message of record.proto.
protocol ProtoMessage {
    /// Its fields, in the order of their numbers.
    func encode(into writer: inout ProtoWriter)
    /// - Parameter reader: of the message alone.
    init(_ reader: inout ProtoReader) throws(ProtoProblem)
}

extension ProtoMessage {
    func encoded() -> [UInt8] {
        var writer = ProtoWriter()
        encode(into: &writer)
        return writer.bytes
    }

    init(decoding bytes: [UInt8]) throws(ProtoProblem) { try self.init(decoding: bytes[...]) }

    init(decoding bytes: ArraySlice<UInt8>) throws(ProtoProblem) {
        var reader = ProtoReader(bytes)
        try self.init(&reader)
    }
}
