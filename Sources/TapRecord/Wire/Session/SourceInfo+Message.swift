import TapCore

extension SourceInfo: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.string(1, name)
        writer.string(2, provenance.rawValue)
        writer.string(3, clock.kind.rawValue)
        writer.sint64(4, clock.offsetToMonotonic.count)
        writer.uint64(5, ifPresent: clock.uncertainty?.word)
        writer.uint32(6, capabilities.rawValue)
        writer.uint64(7, allowedLateness.word)
        writer.uint64(8, longestSilence.word)
        for limit in limits { writer.string(9, ifPresent: limit) }
        writer.messages(10, lines)
        writer.messages(11, devices)
        writer.messages(12, tags)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        var provenance: Provenance?
        var kind: ClockKind?
        var offset = Nanoseconds.zero
        var uncertainty: Nanoseconds?
        var info = SourceInfo(
            name: "", provenance: .simulated, clock: ClockDomain(.monotonic), capabilities: [], longestSilence: .zero)
        while let field = try reader.next() {
            switch field {
            case 1: info.name = try reader.string()
            case 2: provenance = try reader.word("provenance")
            case 3: kind = try reader.word("clock")
            case 4: offset = Nanoseconds(try reader.sint64())
            case 5: uncertainty = try reader.nanoseconds()
            case 6: info.capabilities = SourceInfo.Capabilities(rawValue: try reader.uint32())
            case 7: info.allowedLateness = try reader.nanoseconds()
            case 8: info.longestSilence = try reader.nanoseconds()
            case 9: info.limits.append(try reader.string())
            case 10: info.lines.append(try reader.message())
            case 11: info.devices.append(try reader.message())
            case 12: info.tags.append(try reader.message())
            default: try reader.skip()
            }
        }
        guard let provenance, let kind else { throw reader.problem("a source without a provenance or a clock") }
        info.provenance = provenance
        info.clock = ClockDomain(kind, offsetToMonotonic: offset, uncertainty: uncertainty)
        self = info
    }
}
