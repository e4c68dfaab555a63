public import TapCore

/// What a case wants of a source and its wires, so that a simulated source can be made to do it and real wires be driven.
public struct Plan: Sendable {
    /// A level, then pulses: each goes to the other level and back.
    public struct Line: Sendable {
        public var startsHigh: Bool
        public var pulses: Int
        /// When the first pulse begins, from the start; above zero.
        public var first: Nanoseconds
        public var width: Nanoseconds
        /// From the beginning of one pulse to that of the next.
        public var spacing: Nanoseconds
        public var options = LineOptions()
        /// On its chip; nil: its place in the plan.
        public var offset: Int?

        public init(
            startsHigh: Bool = false, pulses: Int = 0, first: Nanoseconds = .zero, width: Nanoseconds = .zero,
            spacing: Nanoseconds = .zero
        ) {
            self.startsHigh = startsHigh
            self.pulses = pulses
            self.first = first
            self.width = width
            self.spacing = spacing
        }
    }

    /// One change of one line.
    public struct Drive: Sendable, Hashable {
        public var at: Nanoseconds
        public var line: Int
        public var isHigh: Bool
    }

    public var lines: [Line]
    /// How long until the source is asked to stop.
    public var length: Nanoseconds
    /// Of the record ring, in cells.
    public var ring = 1 << 12
    public var whenFull = RecordWriter.WhenFull.refuse
    /// For sources that mute.
    public var stormLimit_hz: Int?
    public var muteFor = Nanoseconds.seconds(1)
    /// Scans that the device is to lose, by number; for benches that can make it.
    public var missing: Range<Int> = 0..<0
    /// For sources that read levels.
    public var rereadEvery = ListeningOptions().rereadEvery
    /// Stamps of the wall clock, for kernels.
    public var isRealtime = false
    /// Runs on threads and in real time, on a bench whose time is virtual too.
    public var isOnThreads = false

    public init(_ lines: [Line], length: Nanoseconds) {
        self.lines = lines
        self.length = length
    }

    /// All changes in order; those of one instant by line.
    public var drives: [Drive] {
        var drives: [Drive] = []
        for (number, line) in lines.enumerated() {
            for pulse in 0..<line.pulses {
                let begin = line.first + line.spacing * Int64(pulse)
                drives.append(Drive(at: begin, line: number, isHigh: !line.startsHigh))
                drives.append(Drive(at: begin + line.width, line: number, isHigh: line.startsHigh))
            }
        }
        return drives.sorted { ($0.at, $0.line) < ($1.at, $1.line) }
    }

    /// Changes of one line, in order.
    public func drives(of line: Int) -> [Drive] { drives.filter { $0.line == line } }
}
