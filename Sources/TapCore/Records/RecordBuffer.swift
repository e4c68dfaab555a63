/// Records one after the other in memory, taken out in the order in which they were put in: what a file's reader fills.
///
/// Holds cells as a ring does. Grows by what one record takes; whoever fills it stops at `isFull`.
public struct RecordBuffer: Sendable {
    @usableFromInline var cells: [Cell] = []
    /// Of the first record that has not been taken.
    private var next = 0
    @usableFromInline let capacity: Int

    /// - Parameter capacity: cells from which on it calls itself full.
    public init(capacity: Int = 1 << 14) {
        self.capacity = capacity
        cells.reserveCapacity(capacity + 64)
    }

    @inlinable public var isFull: Bool { cells.count >= capacity }
    public var isEmpty: Bool { next == cells.count }

    @inlinable @inline(__always)
    public mutating func append(_ edge: Edge) { cells.append(edge.cell) }

    public mutating func append(_ event: Event) {
        let encoded = event.encoded
        for index in 0..<encoded.count { cells.append(encoded[index]) }
    }

    /// - Parameter raw: `block.byteCount` bytes, otherwise this traps.
    public mutating func append(_ block: ScanBlock, raw: RawSpan) {
        precondition(raw.byteCount == block.byteCount, "a block's bytes are as many as its header says")
        guard block.count > 0 else { return }
        let header = block.encodedHeader
        cells.append(header.0)
        cells.append(header.1)
        cells.append(header.2)
        cells.append(header.3)
        for offset in stride(from: 0, to: raw.byteCount, by: 16) {
            cells.append(Cell(RecordWriter.word(of: raw, at: offset), RecordWriter.word(of: raw, at: offset + 8)))
        }
    }

    /// - Parameter raw: as above.
    public mutating func append(_ block: ScanBlock, raw: [UInt8]) {
        // The array is lent for the call.
        unsafe raw.withUnsafeBytes { unsafe append(block, raw: $0.bytes) }
    }

    /// Of the first record; nil: there is none.
    public var firstTime: Timestamp? { isEmpty ? nil : RecordHeader(cells[next]).time }

    /// How many edges and scans it holds.
    public var counts: (edges: UInt64, scans: UInt64) {
        var (edges, scans): (UInt64, UInt64) = (0, 0)
        var offset = next
        while offset < cells.count {
            let header = RecordHeader(cells[offset])
            if header.rawKind == RecordKind.edge.rawValue { edges &+= 1 }
            if header.rawKind == RecordKind.scans.rawValue { scans &+= cells[offset + 2].word0 }
            offset += header.cells
        }
        return (edges, scans)
    }

    /// Gives all records to `sink` and forgets them.
    public mutating func drain(into sink: inout some RecordSink & ~Copyable) {
        while !isEmpty {
            let length = RecordDecoder.length(cells.span, at: next)
            RecordDecoder.deliver(cells.span.extracting(next..<next + length), to: &sink)
            next += length
        }
        removeAll()
    }

    public mutating func removeAll() {
        cells.removeAll(keepingCapacity: true)
        next = 0
    }

    /// Writes the first record into a ring and forgets it; a block of scans that is larger than the ring takes at once,
    /// part by part.
    ///
    /// - Parameter arrived: see `RecordWriter.edge`.
    /// - Returns: false if the writer wants its source to wait for room first.
    @inline(__always)
    public mutating func writeFirst(into writer: inout RecordWriter, arrived: Timestamp) -> Bool {
        let cell = cells[next]
        guard RecordHeader(cell).rawKind == RecordKind.edge.rawValue else {
            return writeOther(into: &writer)
        }
        guard !writer.shouldWait() else { return false }
        writer.edge(Edge(cell: cell), arrived: arrived)
        next += 1
        if isEmpty { removeAll() }
        return true
    }

    private mutating func writeOther(into writer: inout RecordWriter) -> Bool {
        let length = RecordDecoder.length(cells.span, at: next)
        var done = scansWritten
        let isWritten = RecordBuffer.write(
            cells.span.extracting(next..<next + length), scansDone: &done, into: &writer)
        scansWritten = isWritten ? 0 : done
        guard isWritten else { return false }
        next += length
        if isEmpty { removeAll() }
        return true
    }

    /// - Parameter done: of a block's scans, how many are in the ring already.
    private static func write(
        _ record: Span<Cell>, scansDone done: inout Int, into writer: inout RecordWriter
    ) -> Bool {
        guard let event = Event(record) else { return writeScans(record, done: &done, into: &writer) }
        guard !writer.shouldWait(forCells: record.count) else { return false }
        writer.event(event)
        return true
    }

    private static func writeScans(_ record: Span<Cell>, done: inout Int, into writer: inout RecordWriter) -> Bool {
        let block = ScanBlock(record)
        precondition(block.bytesPerScan <= writer.largestBlock, "a scan larger than a quarter of the ring")
        let atOnce = max(1, writer.largestBlock / max(1, block.bytesPerScan))
        while done < block.count {
            var part = block
            part.count = min(atOnce, block.count - done)
            part.firstTime = block.firstTime + block.period * Int64(done)
            part.sequence &+= UInt64(done)
            guard !writer.shouldWait(forCells: part.cells) else { return false }
            let start = ScanBlock.headerCells * MemoryLayout<Cell>.size + done * block.bytesPerScan
            // Cells are trivial, without padding: every byte is initialised.
            unsafe record.withUnsafeBytes { bytes in
                unsafe writer.scans(part, raw: bytes.bytes.extracting(start..<start + part.byteCount))
            }
            done += part.count
        }
        return true
    }

    /// Of the first record, a block that is written part by part.
    private var scansWritten = 0
}

extension RecordBuffer {
    /// Drops and renumbers what has not been taken.
    public mutating func keep(_ selection: RecordSelection) {
        guard !selection.isAll else { return }
        var kept = next
        var offset = next
        while offset < cells.count {
            let length = RecordDecoder.length(cells.span, at: offset)
            let header = RecordHeader(cells[offset])
            let number: UInt16? =
                switch header.table {
                case .lines: selection.lines[Int(header.subject)]
                case .devices: selection.devices[Int(header.subject)]
                case .tags: selection.tags[Int(header.subject)]
                case nil: 0
                }
            if let number {
                cells[offset].word1 &= ~(0xFFFF << 32)
                cells[offset].word1 |= UInt64(number) << 32
                for index in 0..<length { cells[kept + index] = cells[offset + index] }
                kept += length
            }
            offset += length
        }
        cells.removeLast(cells.count - kept)
        if isEmpty { removeAll() }
    }
}

extension RecordBuffer: RecordSink {
    public mutating func edge(_ edge: Edge) { append(edge) }
    public mutating func event(_ event: Event) { append(event) }
    public mutating func scans(_ block: ScanBlock, raw: RawSpan) { append(block, raw: raw) }
}
