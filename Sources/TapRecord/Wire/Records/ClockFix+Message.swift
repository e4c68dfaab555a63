import TapCore

extension ClockFix: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint64(1, monotonic.nanoseconds)
        writer.uint64(2, utcNanoseconds)
        writer.uint64(3, bracket.word)
        writer.bytes(4, bootID.bytes)
        writer.bool(5, isSynchronised)
        writer.uint64(6, ifPresent: sinceSynchronised?.word)
        writer.uint64(7, kernelMaximumError.word)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init(
            monotonic: .zero, utcNanoseconds: 0, bracket: .zero, bootID: BootID(high: 0, low: 0),
            isSynchronised: false, sinceSynchronised: nil, kernelMaximumError: .zero)
        while let field = try reader.next() {
            switch field {
            case 1: monotonic = try reader.timestamp()
            case 2: utcNanoseconds = try reader.uint64()
            case 3: bracket = try reader.nanoseconds()
            case 4: bootID = try reader.bootID()
            case 5: isSynchronised = try reader.bool()
            case 6: sinceSynchronised = try reader.nanoseconds()
            case 7: kernelMaximumError = try reader.nanoseconds()
            default: try reader.skip()
            }
        }
    }
}
