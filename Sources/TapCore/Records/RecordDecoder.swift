/// Decoding of the cells of a ring.
enum RecordDecoder {
    /// Cells of the record that starts at `offset`.
    @inline(__always)
    static func length(_ cells: Span<Cell>, at offset: Int) -> Int {
        let header = RecordHeader(cells[offset])
        precondition(header.cells > 0 && offset + header.cells <= cells.count, "a torn record in a ring")
        return header.cells
    }

    /// How many edges there are from `offset` on, one after the other.
    @inline(__always)
    static func edges(_ cells: Span<Cell>, from offset: Int) -> Int {
        var end = offset
        while end < cells.count, RecordHeader(cells[end]).rawKind == RecordKind.edge.rawValue { end += 1 }
        return end - offset
    }

    /// Gives the record that starts at the first of `cells` to `sink`. Pads, watermarks and ends are not records.
    static func deliver(_ cells: Span<Cell>, to sink: inout some RecordSink & ~Copyable) {
        switch RecordHeader(cells[0]).kind {
        case .edge: sink.edge(Edge(cell: cells[0]))
        case .scans: deliver(ScanBlock(cells), from: cells, skipping: 0, to: &sink)
        default: if let event = Event(cells) { sink.event(event) }
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
