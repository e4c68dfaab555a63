public import TapCore

/// The changes of several simulated lines in one order: by time, those of one instant in the order of the lines.
///
/// A pure function of the lines; never blocks.
public struct WireTransitions: Sendable {
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

    private var cursors: [EdgeCursor]

    public init(_ lines: [SimulatedLine]) { cursors = lines.map { EdgeCursor($0) } }

    /// The level of each line at time zero.
    public var startsHigh: [Bool] { cursors.map(\.startsHigh) }

    /// - Returns: nil once no line changes any more.
    public mutating func next() -> Change? {
        var first: (line: Int, time: UInt64)?
        for (line, cursor) in cursors.enumerated() {
            guard let time = cursor.next, first.map({ time < $0.time }) ?? true else { continue }
            first = (line, time)
        }
        guard let first else { return nil }
        let isHigh = cursors[first.line].isRising
        cursors[first.line].advance()
        return Change(time: Nanoseconds(Int64(clamping: first.time)), line: first.line, isHigh: isHigh)
    }
}
