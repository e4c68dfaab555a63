import TapCore

/// Puts a converter's scans into blocks.
struct Sampler {
    private var scanner: Scanner
    /// Scans of one block: a function of the rate, so that blocks do not depend on when the source is stepped.
    private let blockScans: UInt64
    /// The first scan of the block.
    private var first: UInt64 = 0
    private var raw: [UInt8] = []

    init(_ scanner: Scanner) {
        self.scanner = scanner
        blockScans = UInt64(max(1, min(256, Int((scanner.info.rate_hz ?? 1) / 20))))
        raw.reserveCapacity(Int(blockScans) * scanner.info.bytesPerScan)
    }

    var info: DeviceInfo { scanner.info }
    private var period: UInt64 { scanner.period }
    var reach: UInt64 { scanner.reach }
    /// How long it takes to fill a block.
    var blockSpan: Nanoseconds { Nanoseconds(Int64(period * blockScans)) }
    /// When the block's last scan has been taken.
    var due: UInt64 { period * (first + blockScans - 1) + scanner.reach }
    /// Before this time everything that was taken is written: nothing of a block is out before it is whole.
    var settled: UInt64 { period * first }
    var hasScans: Bool { scanner.next > first }
    /// In a ring.
    var blockCells: Int { block(Int(blockScans)).cells }

    /// Takes the scans of the block for which everything is known up to `limit`.
    mutating func take(upTo limit: UInt64) {
        while scanner.next < first + blockScans, scanner.due <= limit { scanner.take(into: &raw) }
    }

    private func block(_ count: Int) -> ScanBlock {
        ScanBlock(
            device: info.id, firstTime: Timestamp(nanoseconds: period * first), period: Nanoseconds(Int64(period)),
            count: count, bytesPerScan: info.bytesPerScan, sequence: first, stamps: .exact, uncertainty: .zero)
    }

    /// Writes what was taken and begins a new block.
    mutating func write(into writer: inout RecordWriter) {
        unsafe raw.withUnsafeBytes { unsafe writer.scans(block(Int(scanner.next - first)), raw: $0.bytes) }
        raw.removeAll(keepingCapacity: true)
        first = scanner.next
    }
}
