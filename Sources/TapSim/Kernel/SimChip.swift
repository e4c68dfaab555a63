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
