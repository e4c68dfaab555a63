public import TapConfig
public import TapCore

/// A kernel that is computed: chips, their lines, and what a program may have of them, in virtual time.
///
/// It does what `KernelModel` and `KernelConditions` say, between the feeds of its wires and a `LineListener`. What it
/// does is a function of these and the seed, whenever it is polled. Used on one thread; feeds may be driven by others.
public final class SimKernel: LineKernel, @unchecked Sendable {
    public let isNumbered = true
    public let name = "the simulated kernel"
    /// Virtual time: starts at zero with `start`.
    public let time: VirtualTime
    public var conditions = KernelConditions()
    let model: KernelModel
    let options: ListeningOptions
    let seed: UInt64
    private var chips: [SimChip] = []
    private var added: [(request: SimRequest, token: Int)] = []
    /// Of `added`: before which time there is nothing to read of each; made anew when nil. Only for wires that are laid
    /// down; the others are looked at each time.
    private var looks: TurnOrder?
    private var driven: [Int] = []
    private var due: [Int] = []
    private var readyLines: [ReadyLine] = []
    public let mostReady = 64

    /// - Parameter clock: the gateway's; what drives the simulation.
    public init(
        _ model: KernelModel = .ideal, options: ListeningOptions = ListeningOptions(), seed: UInt64 = 0,
        clock: any TapClock
    ) {
        self.model = model
        self.options = options
        self.seed = seed
        time = VirtualTime(clock)
        readyLines.reserveCapacity(mostReady)
    }

    /// - Parameter wires: of its lines, by offset.
    public func addChip(_ label: String, wires: [any WireFeed]) {
        chips.append(SimChip(label, number: chips.count, wires: wires, of: self))
    }

    /// Takes a chip away from now on.
    public func unplug(_ label: String) { unplug(label, from: time.now(), to: .distantFuture) }

    /// Brings it back.
    public func plugIn(_ label: String) {
        for chip in chips where chip.label == label { chip.comesBack(at: time.now()) }
        lookAtAll()
    }

    /// Lays down when a chip is not there.
    public func unplug(_ label: String, from: Timestamp, to: Timestamp) {
        for chip in chips where chip.label == label { chip.goes(from: from, to: to) }
        lookAtAll()
    }

    // MARK: LineKernel

    public func open() throws(TapError) {}
    public func close() {
        added.removeAll()
        lookAtAll()
    }

    public func openChip(_ label: String) throws(TapError) -> any LineChip {
        let now = time.now()
        let there = chips.filter { $0.isThere(at: now) }
        guard let chip = there.first(where: { $0.label == label }) else {
            throw LineRefusal.noChip(label, others: there.map(\.label))
        }
        if conditions.isForbidden(label, at: now) {
            throw TapError(.permission, chip.path, "permission denied", remedy: LineRefusal.permissionRemedy)
        }
        if conditions.isFailing(label, at: now) {
            throw TapError(.device, chip.path, "Input/output error", remedy: "")
        }
        return chip
    }

    public func add(_ line: any RequestedLine, token: Int) throws(TapError) {
        if let request = line as? SimRequest { added.append((request, token)) }
        lookAtAll()
    }

    public func remove(_ line: any RequestedLine) {
        added.removeAll { $0.request === line }
        lookAtAll()
    }

    public func poll() -> Int {
        readyLines.removeAll(keepingCapacity: true)
        let now = time.now()
        findDue(at: now)
        for index in due where readyLines.count < mostReady {
            let (request, token) = added[index]
            let isGone = request.isGone(at: now)
            let hasEvents = !isGone && request.hasEvents(at: now)
            if isGone || hasEvents { readyLines.append(ReadyLine(token: token, hasEvents: hasEvents, isGone: isGone)) }
        }
        return readyLines.count
    }

    /// Something other than time has changed what there is to read.
    func lookAtAll() { looks = nil }

    /// The order of the looks; each line's is due when it is new.
    private func takeLooks() -> TurnOrder {
        // Taken out, so that it is changed in place.
        if let looks = looks.take() { return looks }
        var looks = TurnOrder(lines: added.count)
        driven.removeAll(keepingCapacity: true)
        for (index, line) in added.enumerated() {
            if line.request.isLaidDown { looks.set(index, to: 0) } else { driven.append(index) }
        }
        return looks
    }

    /// Collects the lines of which there may be something to read, in the order in which they were added.
    private func findDue(at now: Timestamp) {
        var looks = takeLooks()
        due.removeAll(keepingCapacity: true)
        while looks.first.time <= now.nanoseconds {
            due.append(looks.first.line)
            looks.set(looks.first.line, to: TurnOrder.never)
        }
        // Each is looked at again when it is asked when there is more.
        for line in due { looks.set(line, to: now.nanoseconds) }
        due.append(contentsOf: driven)
        due.sort()
        self.looks = looks
    }

    public func ready(_ index: Int) -> ReadyLine { readyLines[index] }

    public func wake(tick: Timestamp) -> Wake { .at(min(tick, readyTime(before: tick) ?? tick)) }

    /// When a reader would be woken: in the gateway's clock domain; nil: not before `limit`.
    public func readyTime(before limit: Timestamp) -> Timestamp? {
        let now = time.now()
        let end = Timestamp.zero + max(.zero, limit - time.origin)
        var looks = takeLooks()
        var next = end
        for index in driven { next = min(next, added[index].request.ready(after: now, before: end) ?? end) }
        while looks.first.time < next.nanoseconds {
            let first = looks.first
            let ready = added[first.line].request.ready(after: now, before: end) ?? end
            if ready.nanoseconds <= first.time {
                next = ready
            } else {
                looks.set(first.line, to: ready.nanoseconds)
            }
        }
        self.looks = looks
        return next < end ? next + (time.origin - .zero) : nil
    }
}
