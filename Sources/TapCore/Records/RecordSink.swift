/// What takes records one after the other: a writer of a format, statistics, a monitor.
///
/// Called on one thread at a time. Each call borrows what it is given for its duration.
public protocol RecordSink: ~Copyable {
    mutating func edge(_ edge: Edge)
    mutating func level(_ level: Level)
    mutating func gap(_ gap: Gap)
    mutating func clockFix(_ fix: ClockFix)
    /// - Parameter raw: `block.byteCount` bytes, scans one after the other.
    mutating func scans(_ block: ScanBlock, raw: RawSpan)
    /// A batch is over; the next one comes after a tick at the earliest. The place to flush and to redraw.
    ///
    /// - Parameter now: in the gateway's monotonic clock domain.
    mutating func batchEnded(at now: Timestamp) throws(TapError)
    /// Nothing follows.
    mutating func finish(at now: Timestamp) throws(TapError)
}

extension RecordSink where Self: ~Copyable {
    public mutating func batchEnded(at now: Timestamp) throws(TapError) {}
    public mutating func finish(at now: Timestamp) throws(TapError) {}
}

/// Decoding of the cells of a ring.
enum RecordDecoder {
    /// Cells of the record that starts at `offset`.
    @inline(__always)
    static func length(_ cells: Span<Cell>, at offset: Int) -> Int {
        let header = RecordHeader(cells[offset])
        precondition(header.cells > 0 && offset + header.cells <= cells.count, "a torn record in a ring")
        return header.cells
    }

    /// Gives the record that starts at the first of `cells` to `sink`. Pads, watermarks and ends are not records.
    static func deliver(_ cells: Span<Cell>, to sink: inout some RecordSink & ~Copyable) {
        let header = RecordHeader(cells[0])
        switch header.kind {
        case .edge: sink.edge(Edge(cell: cells[0]))
        case .level: sink.level(Level(cells))
        case .gap: sink.gap(Gap(cells))
        case .clockFix: sink.clockFix(ClockFix(cells))
        case .scans:
            deliver(ScanBlock(cells), from: cells, skipping: 0, to: &sink)
        case .pad, .watermark, .end: break
        }
    }

    /// Gives `part` of the block in `cells` to `sink`: as many of its raw bytes as the part has, from `skipped` on.
    static func deliver(
        _ part: ScanBlock, from cells: Span<Cell>, skipping skipped: Int, to sink: inout some RecordSink & ~Copyable
    ) {
        // Cells are trivial, without padding: every byte is initialised.
        unsafe cells.withUnsafeBytes { bytes in
            let raw = unsafe bytes.bytes.extracting(droppingFirst: ScanBlock.headerCells * MemoryLayout<Cell>.size)
            sink.scans(part, raw: raw.extracting(skipped..<skipped + part.byteCount))
        }
    }
}
