public import TapCore

/// What a plant makes known of itself: digital signals as transitions, analog ones as knots of a piecewise linear curve,
/// on which an alternating one has a sine of its period.
///
/// A plant appends, in order of time; wires read with a place of their own and let go of what all have read. A signal
/// is the thing in the field (a contact, a pressure); what a wire makes of it (front end, transmitter, converter) comes
/// after. Not thread-safe.
public struct Signals: Sendable {
    public struct Transition: Sendable, Hashable, BitwiseCopyable {
        /// Nanoseconds of virtual time.
        public var time: UInt64
        public var isHigh: Bool

        public init(time: UInt64, isHigh: Bool) {
            self.time = time
            self.isHigh = isHigh
        }
    }

    public struct Digital: Sendable {
        public let name: String
        public let startsHigh: Bool
        /// In order of time, directions alternating, none at time zero.
        public fileprivate(set) var transitions: [Transition] = []
        fileprivate(set) var isHigh: Bool
    }

    public struct Analog: Sendable {
        public let name: String
        /// The SI unit of its values, as `m`, `A`, `m3/s`.
        public let unit: String
        /// Of the sine that an alternating signal has; 0: it has none.
        public let period_ns: UInt64
        /// In order of time; between two all their values go in a straight line.
        public fileprivate(set) var knots: [Knot] = []
    }

    public struct Knot: Sendable, Hashable, BitwiseCopyable {
        public var time: UInt64
        /// Of an alternating signal, what its sine swings about.
        public var value: Double
        /// Of the sine of an alternating signal: its peak, and in turns how far it is ahead of one that begins with time.
        public var amplitude = 0.0
        public var phase = 0.0
    }

    public private(set) var digital: [Digital] = []
    public private(set) var analog: [Analog] = []
    /// Everything up to this time is in.
    public private(set) var horizon = Timestamp.zero

    public init() {}

    /// - Returns: the number by which it is set.
    public mutating func declareDigital(_ name: String, startsHigh: Bool) -> Int {
        digital.append(Digital(name: name, startsHigh: startsHigh, isHigh: startsHigh))
        return digital.count - 1
    }

    public mutating func declareAnalog(_ name: String, unit: String, first: Double) -> Int {
        analog.append(Analog(name: name, unit: unit, period_ns: 0, knots: [Knot(time: 0, value: first)]))
        return analog.count - 1
    }

    /// A signal with a sine on it: a current or voltage of a grid. It costs knots only where the sine itself changes.
    ///
    /// - Parameter amplitude: of its first knot; likewise `phase`.
    public mutating func declareAlternating(
        _ name: String, unit: String, period: Nanoseconds, amplitude: Double, phase: Double
    ) -> Int {
        precondition(period > .zero, "a sine has a period")
        analog.append(
            Analog(
                name: name, unit: unit, period_ns: UInt64(period.count),
                knots: [Knot(time: 0, value: 0, amplitude: amplitude, phase: phase)]))
        return analog.count - 1
    }

    /// An unchanged level is nothing. Time not before the last one of this signal.
    public mutating func set(_ signal: Int, high isHigh: Bool, at time: UInt64) {
        guard digital[signal].isHigh != isHigh else { return }
        assert(digital[signal].transitions.last.map { $0.time <= time } ?? true, "signals are set in order of time")
        digital[signal].isHigh = isHigh
        digital[signal].transitions.append(Transition(time: time, isHigh: isHigh))
    }

    public mutating func set(_ signal: Int, to value: Double, at time: UInt64) {
        analog[signal].knots.append(Knot(time: time, value: value))
    }

    public mutating func set(_ signal: Int, to value: Double, amplitude: Double, phase: Double, at time: UInt64) {
        analog[signal].knots.append(Knot(time: time, value: value, amplitude: amplitude, phase: phase))
    }

    /// Promises that nothing earlier is to come.
    public mutating func advance(to time: Timestamp) { horizon = max(horizon, time) }

    /// Lets go of what lies before a time, but for each curve's last knot up to it.
    public mutating func forget(before time: UInt64) {
        for index in digital.indices {
            let done = digital[index].transitions.firstIndex { $0.time >= time } ?? digital[index].transitions.count
            digital[index].transitions.removeFirst(done)
        }
        for index in analog.indices {
            let after = analog[index].knots.firstIndex { $0.time > time } ?? analog[index].knots.count
            if after > 1 { analog[index].knots.removeFirst(after - 1) }
        }
    }
}
