public import TapCore

/// What befalls a simulated kernel beside its wires: a function of time, laid down before.
public struct KernelConditions: Sendable {
    public struct Span: Sendable, Hashable {
        public var from: Timestamp
        /// `distantFuture`: for good.
        public var to: Timestamp

        public init(from: Timestamp, to: Timestamp = .distantFuture) {
            self.from = from
            self.to = to
        }

        package func contains(_ time: Timestamp) -> Bool { from <= time && time < to }
    }

    /// Interrupts and threads are later by this much.
    public var spikes: [(span: Span, extra: Nanoseconds)] = []
    /// Somebody else holds a line.
    public var holders: [(chip: String, offset: Int, consumer: String, span: Span)] = []
    /// Who may not open the chip, or whose every call fails with EIO.
    public var forbidden: [(chip: String, span: Span)] = []
    public var failing: [(chip: String, span: Span)] = []
    /// nil: stamps are virtual time; otherwise what the wall clock says.
    public var wallClock: WallClock?

    public init() {}

    func spike(at time: Timestamp) -> Nanoseconds {
        var extra = Nanoseconds.zero
        for spike in spikes where spike.span.contains(time) { extra = extra + spike.extra }
        return extra
    }

    func stamp(of time: Timestamp) -> Timestamp { wallClock?.utc(at: time) ?? time }

    func holder(_ chip: String, _ offset: Int, at time: Timestamp) -> String? {
        holders.first { $0.chip == chip && $0.offset == offset && $0.span.contains(time) }?.consumer
    }

    func isForbidden(_ chip: String, at time: Timestamp) -> Bool {
        forbidden.contains { $0.chip == chip && $0.span.contains(time) }
    }

    func isFailing(_ chip: String, at time: Timestamp) -> Bool {
        failing.contains { $0.chip == chip && $0.span.contains(time) }
    }
}
