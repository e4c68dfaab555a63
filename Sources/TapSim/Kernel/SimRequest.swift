import TapCore

/// One requested line of a simulated kernel.
final class SimRequest: RequestedLine, @unchecked Sendable {
    private let chip: SimChip
    private let since: Timestamp
    private var line: InterruptLine

    init(_ chip: SimChip, since: Timestamp, _ line: InterruptLine) {
        self.chip = chip
        self.since = since
        self.line = line
    }

    /// Whether nothing but time makes events.
    var isLaidDown: Bool { line.isLaidDown }

    func isGone(at now: Timestamp) -> Bool { chip.wasGone(since: since, until: now) }

    func hasEvents(at now: Timestamp) -> Bool {
        line.advance(to: now, chip.kernel.conditions)
        return line.hasEvents
    }

    func ready(after now: Timestamp, before limit: Timestamp) -> Timestamp? {
        if line.hasEvents || isGone(at: now) { return now }
        let goes = chip.goes(after: now, before: limit)
        guard let ready = line.ready(before: limit) else { return goes }
        return min(ready, goes ?? .distantFuture)
    }

    func read(into events: inout MutableSpan<LineEvent>) throws(LineGone) -> Int {
        try answer()
        return line.take(into: &events)
    }

    func level() throws(LineGone) -> Bool {
        try answer()
        return line.level
    }

    func listen(_ isListening: Bool) throws(LineGone) -> Bool {
        try answer()
        line.listen(isListening)
        chip.kernel.lookAtAll()
        return true
    }

    /// Brings the line up to the present, if the kernel answers for it.
    private func answer() throws(LineGone) {
        let now = chip.kernel.time.now()
        guard !isGone(at: now), !chip.kernel.conditions.isFailing(chip.label, at: now) else { throw LineGone() }
        line.advance(to: now, chip.kernel.conditions)
    }
}
