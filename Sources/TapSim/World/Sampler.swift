import TapCore

/// Puts a converter's scans into blocks.
struct Sampler {
    private var scanner: Scanner
    /// Scans of one block: a function of the rate, so that blocks do not depend on when the source is stepped.
    private let blockScans: UInt64
    /// The first scan of the block.
    private var first: UInt64 = 0
    /// The first of its scans that is not in the ring yet, while it is written.
    private var unwritten: UInt64 = 0
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
    /// Takes the scans of the block for which everything is known up to `limit`.
    mutating func take(upTo limit: UInt64) {
        while scanner.next < first + blockScans, scanner.due <= limit { scanner.take(into: &raw) }
    }

    private func block(from number: UInt64, _ count: Int) -> ScanBlock {
        ScanBlock(
            device: info.id, firstTime: Timestamp(nanoseconds: period * number), period: Nanoseconds(Int64(period)),
            count: count, bytesPerScan: info.bytesPerScan, sequence: number, stamps: .exact, uncertainty: .zero)
    }

    /// Of the block as it is, in a ring that is large enough.
    var cells: Int { block(from: first, Int(scanner.next - first)).cells }

    /// Writes what was taken, in parts where the ring is small, and begins a new block.
    ///
    /// - Returns: false if it stopped for want of room: to be called again.
    mutating func write(into writer: inout RecordWriter) -> Bool {
        let bytes = info.bytesPerScan
        let atOnce = UInt64(max(1, writer.largestBlock / bytes))
        while unwritten < scanner.next {
            let part = block(from: unwritten, Int(min(atOnce, scanner.next - unwritten)))
            guard !writer.shouldWait(forCells: part.cells) else { return false }
            let start = Int(unwritten - first) * bytes
            // The array is lent for the call.
            unsafe raw.withUnsafeBytes { lent in
                unsafe writer.scans(part, raw: lent.bytes.extracting(start..<start + part.byteCount))
            }
            unwritten += UInt64(part.count)
        }
        raw.removeAll(keepingCapacity: true)
        first = scanner.next
        return true
    }
}
