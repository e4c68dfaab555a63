import TapConfig
public import TapCore

/// A chip of a simulated kernel.
public final class SimChip: LineChip, @unchecked Sendable {
    public let provenance = Provenance.simulated
    public let name: String
    public let label: String
    public var path: String { "/dev/\(name)" }
    public var lines: Int { wires.count }
    /// The kernel owns its chips.
    unowned let kernel: SimKernel
    private let wires: [Wire]
    private var inUse: [Holder]
    private var absent: [KernelConditions.Span] = []

    private struct Holder { weak var request: SimRequest? }

    init(_ label: String, number: Int, wires: [any WireFeed], of kernel: SimKernel) {
        self.label = label
        name = "simchip\(number)"
        self.kernel = kernel
        self.wires = wires.map { Wire($0) }
        inUse = wires.map { _ in Holder() }
    }

    func goes(from: Timestamp, to: Timestamp) { absent.append(KernelConditions.Span(from: from, to: to)) }

    func comesBack(at now: Timestamp) {
        for index in absent.indices where absent[index].to == .distantFuture { absent[index].to = now }
    }

    func isThere(at time: Timestamp) -> Bool { !absent.contains { $0.contains(time) } }

    /// Whether it went away between two times: what was requested before is dead after.
    func wasGone(since: Timestamp, until: Timestamp) -> Bool {
        absent.contains { since <= $0.from && $0.from <= until }
    }

    public func request(_ line: inout LineInfo) throws(LineRefusal) -> any RequestedLine {
        let now = kernel.time.now()
        guard isThere(at: now) else { throw .failed("No such device") }
        if let consumer = kernel.conditions.holder(label, line.offset, at: now) { throw .busy(consumer: consumer) }
        if let other = inUse[line.offset].request, !other.isGone(at: now) { throw .busy(consumer: "tap") }
        let wire = wires[line.offset]
        wire.skip(to: now)
        let queue = EventQueue(asked: kernel.options.queue)
        line.queueAsked = kernel.options.queue
        line.queueHeld = queue.capacity
        let random = Random(seed: kernel.seed, stream: "kernel \(label) \(line.offset) at \(now.nanoseconds)")
        let request = SimRequest(
            self, since: now, InterruptLine(wire, line.options, queue: queue, kernel.model, random))
        inUse[line.offset].request = request
        return request
    }

    /// When it next goes, between two times.
    func goes(after time: Timestamp, before limit: Timestamp) -> Timestamp? {
        absent.map(\.from).filter { time < $0 && $0 < limit }.min()
    }
}

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
        return true
    }

    /// Brings the line up to the present, if the kernel answers for it.
    private func answer() throws(LineGone) {
        let now = chip.kernel.time.now()
        guard !isGone(at: now), !chip.kernel.conditions.isFailing(chip.label, at: now) else { throw LineGone() }
        line.advance(to: now, chip.kernel.conditions)
    }
}
