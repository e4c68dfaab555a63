public import TapConfig
public import TapCore

/// The changes of a scenario's lines in one order: by time, those of one instant in the order of the lines.
///
/// A function of the scenario and its seed; never blocks. Used on one thread at a time.
public struct WireTransitions {
    public struct Change: Sendable, Hashable {
        /// Since the start.
        public var time: Nanoseconds
        /// Index of the line.
        public var line: Int
        public var isHigh: Bool

        public init(time: Nanoseconds, line: Int, isHigh: Bool) {
            self.time = time
            self.line = line
            self.isHigh = isHigh
        }
    }

    private var cursors: [TransitionCursor]
    private let feed: PlantFeed?
    private let end: UInt64
    /// Up to where is looked; what lies beyond is not yet asked for.
    private var limit: UInt64 = 0
    private static let window: UInt64 = 100_000_000
    private static let longestWindow: UInt64 = 3_600_000_000_000

    /// - Parameter end: nothing later is looked for.
    public init(_ scenario: Scenario, until end: Nanoseconds) {
        feed = scenario.makePlant().map { PlantFeed($0) }
        self.end = UInt64(max(0, end.count))
        let builder = WaveBuilder(seed: scenario.seed, feed: feed)
        cursors = scenario.lines.map { TransitionCursor(builder.digital($0.wave, "line \($0.name)")) }
    }

    /// The level of each line at time zero; to be asked before the first `next`.
    public var startsHigh: [Bool] { cursors.map(\.isHigh) }

    /// - Returns: nil once no line changes any more.
    public mutating func next() -> Change? {
        // Where nothing changes for long it looks further and further ahead; a plant goes there step by step.
        var window = WireTransitions.window
        while true {
            var first: (line: Int, time: UInt64)?
            for line in cursors.indices {
                let time = cursors[line].peek(upTo: limit)
                if time < first?.time ?? DigitalGenerator.none { first = (line, time) }
            }
            if let first {
                cursors[first.line].take()
                return Change(
                    time: Nanoseconds(Int64(clamping: first.time)), line: first.line,
                    isHigh: cursors[first.line].isHigh)
            }
            guard limit < end else { return nil }
            limit = min(end, limit + window)
            if feed == nil { window = min(2 * window, WireTransitions.longestWindow) }
            feed?.reach(limit)
        }
    }
}
