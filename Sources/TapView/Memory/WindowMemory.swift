import Synchronization
public import TapCore
import TapWatch

/// What a window remembers of a session: what each signal and tag is now, and what it was. Of fixed size. Safe from any thread:
/// one that reads makes one that writes wait for some milliseconds, so whoever writes is not the watch.
public final class WindowMemory: Sendable {
    /// Bytes of all lanes together, about.
    private static let bytes = 24 << 20
    private static let mostChanges = 4_096

    public let layout: WindowLayout
    private let state: Mutex<State>

    struct State: Sendable {
        var lanes: [LaneMemory]
        var now: [LaneNow]
        var sources: [SourceNow]
        /// Since the session's start, in nanoseconds.
        var reached: Int64 = 0
        var fix: ClockFix?
        var isEnded = false
        var late: UInt64 = 0
        /// Of the fullest ring, from 0 to 1.
        var ringFill = 0.0
        /// Of levels of lines that are shown as such, and of what is lost.
        var changes: UInt64 = 0
    }

    /// What a source gave.
    public struct SourceNow: Sendable {
        public var records: UInt64 = 0
        /// What is known to be lost, and how many gaps say so.
        public var lost: UInt64 = 0
        public var gaps: UInt64 = 0
        public var heard: Int64?
        public var isGone = false
    }

    public init(_ layout: WindowLayout) {
        self.layout = layout
        let lanes = max(1, layout.lanes.count)
        let capacity = min(
            2_048, max(64, WindowMemory.bytes / (lanes * LaneMemory.levels * MemoryLayout<LaneCell>.stride)))
        state = Mutex(
            State(
                lanes: layout.lanes.map {
                    LaneMemory(capacity: capacity, changes: $0.kind == .analog ? 0 : WindowMemory.mostChanges)
                },
                now: layout.lanes.map { lane in
                    var now = LaneNow()
                    if lane.kind == .analog { now.rate = RateMemory() }
                    return now
                }, sources: layout.sources.map { _ in SourceNow() }))
    }

    func change<Result: Sendable>(_ body: (inout State) -> Result) -> Result { state.withLock { body(&$0) } }

    /// What everything is now.
    public struct Now: Sendable {
        public var lanes: [LaneNow]
        public var sources: [SourceNow]
        /// Up to when records were taken, since the session's start.
        public var reached: Int64
        public var isEnded: Bool
        /// Since when there is something of every time.
        public var from: Int64
        /// The newest one; nil: there was none since the start.
        public var fix: ClockFix?
        public var late: UInt64
        public var ringFill: Double
    }

    public var now: Now {
        state.withLock { state in
            Now(
                lanes: state.now, sources: state.sources, reached: state.reached, isEnded: state.isEnded,
                from: state.lanes.reduce(0) { max($0, $1.reach) }, fix: state.fix, late: state.late,
                ringFill: state.ringFill)
        }
    }

    /// Grows with each change of a level that is shown, and with each loss.
    public var changes: UInt64 { state.withLock { $0.changes } }

    /// Widths of buckets as it has them, in nanoseconds, finest first.
    public static let widths = (0..<LaneMemory.levels).map { LaneMemory.width($0) }

    /// Nothing follows.
    public func end() { state.withLock { $0.isEnded = true } }

    public func rings(_ fill: Double) { state.withLock { $0.ringFill = fill } }

    /// A lane within a span.
    public struct Span: Sendable {
        public var lane: Lane
        /// Just before the span; nil: not known then.
        public var before: Double?
        public var buckets: [Bucket]
        /// Each change, exactly, where there are few enough and all of them are kept; a value that is nil: unknown from then on.
        public var changes: [(time: Int64, value: Double?)]?
    }

    /// - Parameters:
    ///   - lanes: by their places in the layout.
    ///   - count: about so many buckets each.
    ///   - width: of a bucket, in place of the count, in nanoseconds.
    public func spans(
        of lanes: [Int], from: Int64, to: Int64, count: Int, width: Int64? = nil, mostChanges: Int = 2_000
    ) -> [Span] {
        state.withLock { state in
            let end = min(to, state.reached)
            return lanes.map { place in
                let lane = layout.lanes[place]
                let isAnalog = lane.kind == .analog
                let memory = state.lanes[place]
                let span = memory.span(
                    from: from, to: end, count: count, width: width,
                    isHeld: lane.kind == .digital || lane.kind == .claim)
                return Span(
                    lane, before: span.before, span.buckets,
                    changes: isAnalog ? nil : memory.changes(from: from, to: to, most: mostChanges))
            }
        }
    }
}

extension WindowMemory.Span {
    /// With values in the SI's base made such as are shown.
    ///
    /// - Parameter changes: NaN: unknown from then on.
    init(_ lane: Lane, before: Double?, _ buckets: [Bucket], changes: [(time: Int64, value: Double)]?) {
        let isMeasure = lane.kind == .analog || lane.kind == .claim && lane.words.isEmpty
        func shown(_ value: Double) -> Double? { value == value ? isMeasure ? lane.shown(value) : value : nil }
        self.lane = lane
        self.before = before.flatMap(shown)
        self.buckets = buckets.map { bucket in
            var bucket = bucket
            bucket.min = bucket.min.flatMap(shown)
            bucket.max = bucket.max.flatMap(shown)
            bucket.first = bucket.first.flatMap(shown)
            bucket.last = bucket.last.flatMap(shown)
            return bucket
        }
        self.changes = changes?.map { ($0.time, shown($0.value)) }
    }
}
