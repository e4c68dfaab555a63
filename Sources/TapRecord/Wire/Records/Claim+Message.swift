import TapCore

extension Claim: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint32(1, UInt32(tag.index))
        writer.uint64(2, time.nanoseconds)
        var isCut = false
        switch value {
        case .bool(let isTrue): writer.uint64(3, ifPresent: isTrue ? 1 : 0)
        case .number(let number): writer.double(4, ifPresent: number)
        case .text(let text):
            writer.string(5, ifPresent: text.text)
            isCut = text.isCut
        }
        writer.bool(6, isCut)
        writer.uint32(7, UInt32(quality.rawValue))
        writer.uint64(8, ifPresent: sourceTime_ns)
        writer.uint64(9, ifPresent: serverTime_ns)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        var (value, isCut): (Value?, Bool) = (nil, false)
        var claim = Claim(tag: TagID(0), value: .bool(false), quality: .good, time: .zero)
        while let field = try reader.next() {
            switch field {
            case 1: claim.tag = TagID(try reader.uint16())
            case 2: claim.time = try reader.timestamp()
            case 3: value = .bool(try reader.bool())
            case 4: value = .number(try reader.double())
            case 5: value = .text(ShortText(try reader.string()))
            case 6: isCut = try reader.bool()
            case 7: claim.quality = try reader.choice("quality of a claim")
            case 8: claim.sourceTime_ns = try reader.uint64()
            case 9: claim.serverTime_ns = try reader.uint64()
            default: try reader.skip()
            }
        }
        guard let value else { throw reader.problem("a claim without a value") }
        claim.value = value
        if case .text(let text) = value { claim.value = .text(ShortText(text.text, isCut: isCut || text.isCut)) }
        self = claim
    }
}
