/// Passes on the records of a span of time. At its beginning each line gets the level that its edges had led to.
///
/// What is flagged late counts by its own time. Not thread-safe.
public struct RecordWindow<Sink: RecordSink & ~Copyable>: RecordSink, ~Copyable {
    public var sink: Sink
    /// In the clock of each line, device and tag; of what has none of these, of fixes.
    private let lines: [ClosedRange<Timestamp>]
    private let devices: [ClosedRange<Timestamp>]
    private let tags: [ClosedRange<Timestamp>]
    private let others: ClosedRange<Timestamp>
    private var levels: [Bool?]
    private var isOpen = false
    /// Something after the span has come: nothing that is not late follows.
    public private(set) var isOver = false

    /// - Parameters:
    ///   - from: since the header's origin.
    ///   - to: likewise, and itself within the span; nil: no end.
    public init(_ header: SessionHeader, from: Nanoseconds, to: Nanoseconds?, into sink: consuming Sink) {
        self.sink = sink
        let begin = header.origin + from
        let end = to.map { header.origin + $0 } ?? .distantFuture
        func span(_ clock: ClockDomain) -> ClosedRange<Timestamp> {
            let offset = clock.offsetToMonotonic
            return begin - offset...(end == .distantFuture ? end : end - offset)
        }
        lines = header.lines.map { span(header.clock(of: .line($0.id))) }
        devices = header.devices.map { span(header.clock(of: .device($0.id))) }
        tags = header.tags.map { span(header.clock(of: .tag($0.id))) }
        others = span(header.clockOfFixes)
        levels = header.lines.map { _ in nil }
    }

    public mutating func edge(_ edge: Edge) {
        let line = Int(edge.line.index)
        if isWithin(edge.time, lines[line]) { sink.edge(edge) }
        levels[line] = edge.isRising
    }

    public mutating func event(_ event: Event) {
        switch event {
        case .level(let level):
            if isWithin(event.time, lines[Int(level.line.index)]) { sink.event(event) }
            levels[Int(level.line.index)] = level.isHigh
        case .gap(let gap): self.gap(gap)
        case .claim(let claim): if isWithin(event.time, tags[Int(claim.tag.index)]) { sink.event(event) }
        case .reread(let reread): if isWithin(event.time, lines[Int(reread.line.index)]) { sink.event(event) }
        case .note, .clockFix: if isWithin(event.time, others) { sink.event(event) }
        }
    }

    private mutating func gap(_ gap: Gap) {
        switch gap.subject {
        case .line(let line):
            if isWithin(gap.discovered, lines[Int(line.index)]) { sink.event(.gap(gap)) }
            if gap.kind != .sourceBack { levels[Int(line.index)] = nil }
        case .device(let device): if isWithin(gap.discovered, devices[Int(device.index)]) { sink.event(.gap(gap)) }
        case .tag(let tag): if isWithin(gap.discovered, tags[Int(tag.index)]) { sink.event(.gap(gap)) }
        case .notes: if isWithin(gap.discovered, others) { sink.event(.gap(gap)) }
        }
    }

    public mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        let span = devices[Int(block.device.index)]
        // Blocks of one scan have no period.
        let times = (0..<block.count).map { block.firstTime + block.period * Int64($0) }
        for time in [times.first, times.last] { if let time { _ = isWithin(time, span) } }
        guard let first = times.firstIndex(where: { $0 >= span.lowerBound }),
            let last = times.lastIndex(where: { $0 <= span.upperBound }), first <= last
        else { return }
        var part = block
        part.firstTime = times[first]
        part.count = last - first + 1
        part.sequence &+= UInt64(first)
        sink.scans(
            part, raw: raw.extracting(first * block.bytesPerScan..<(last + 1) * block.bytesPerScan))
    }

    public mutating func batchEnded(at now: Timestamp) throws(TapError) { try sink.batchEnded(at: now) }

    public mutating func captureEnded(at end: Timestamp) { sink.captureEnded(at: min(end, others.upperBound)) }

    public mutating func finish(at now: Timestamp) throws(TapError) {
        open()
        try sink.finish(at: now)
    }

    private mutating func isWithin(_ time: Timestamp, _ span: ClosedRange<Timestamp>) -> Bool {
        if time >= span.lowerBound { open() }
        if time > span.upperBound { isOver = true }
        return span.contains(time)
    }

    /// Gives the levels that lines have when the span begins; once.
    public mutating func open() {
        guard !isOpen else { return }
        isOpen = true
        for (index, isHigh) in levels.enumerated() {
            guard let isHigh else { continue }
            let time = lines[index].lowerBound
            sink.event(
                .level(
                    Level(
                        line: LineID(UInt16(index)), isHigh: isHigh, reason: .resumed, notBefore: time, notAfter: time))
            )
        }
    }
}

extension RecordWindow: Sendable where Sink: Sendable & ~Copyable {}
