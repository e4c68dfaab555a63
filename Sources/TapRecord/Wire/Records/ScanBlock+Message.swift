import TapCore

extension ScanBlock {
    /// As a message Scans.
    func encode(raw: RawSpan, into writer: inout ProtoWriter) {
        writer.reserve(raw.byteCount + 80)
        writer.uint32(1, UInt32(device.index))
        writer.uint64(2, firstTime.nanoseconds)
        writer.uint64(3, period.word)
        writer.uint64(4, UInt64(count))
        writer.uint32(5, UInt32(clamping: bytesPerScan))
        writer.uint64(6, sequence)
        writer.uint32(7, UInt32(stamps.rawValue))
        writer.uint64(8, uncertainty.word)
        writer.bool(9, isLate)
        writer.bytes(10, raw)
    }

    /// - Returns: the block and its bytes, as many as the block says.
    static func decode(_ reader: inout ProtoReader) throws(ProtoProblem) -> (block: ScanBlock, raw: ArraySlice<UInt8>) {
        var block = ScanBlock(
            device: DeviceID(0), firstTime: .zero, period: .zero, count: 0, bytesPerScan: 0, sequence: 0,
            stamps: .device, uncertainty: .zero)
        var (count, raw): (UInt64, ArraySlice<UInt8>) = (0, [])
        while let field = try reader.next() {
            switch field {
            case 1: block.device = DeviceID(try reader.uint16())
            case 2: block.firstTime = try reader.timestamp()
            case 3: block.period = try reader.nanoseconds()
            case 4: count = try reader.uint64()
            case 5: block.bytesPerScan = Int(try reader.uint32())
            case 6: block.sequence = try reader.uint64()
            case 7: block.stamps = try reader.choice("kind of stamps")
            case 8: block.uncertainty = try reader.nanoseconds()
            case 9: block.isLate = try reader.bool()
            case 10: raw = try reader.slice()
            default: try reader.skip()
            }
        }
        // Every scan has bytes. A size that they do not divide into evenly is found without a product that overflows.
        let isRight =
            count == 0
            ? raw.isEmpty
            : count <= UInt64(raw.count)
                && raw.count.quotientAndRemainder(dividingBy: Int(count)) == (block.bytesPerScan, 0)
        guard isRight else { throw reader.problem("\(count) scans of \(block.bytesPerScan) bytes in \(raw.count)") }
        block.count = Int(count)
        return (block, raw)
    }
}
