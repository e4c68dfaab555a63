public import TapCore

/// Periodic pulses: in each period `pulses` of `width`, one each `spacing`, the first at `phase`.
public struct PulseTrain: Sendable, Hashable {
    public var phase: Nanoseconds
    public var period: Nanoseconds
    public var pulses: Int
    public var width: Nanoseconds
    /// Above `width`.
    public var spacing: Nanoseconds
    /// Pulses are low, and it is high between them.
    public var isInverted: Bool
    /// Standard deviation of each pulse's place about its own; less than half of the shortest pause, where it is cut.
    public var jitter: Nanoseconds
    /// How many trains there are; nil: for ever.
    public var trains: Int?

    public init(
        phase: Nanoseconds = .zero, period: Nanoseconds, pulses: Int = 1, width: Nanoseconds,
        spacing: Nanoseconds? = nil, isInverted: Bool = false, jitter: Nanoseconds = .zero, trains: Int? = nil
    ) {
        self.phase = phase
        self.period = period
        self.pulses = pulses
        self.width = width
        self.spacing = spacing ?? period
        self.isInverted = isInverted
        self.jitter = jitter
        self.trains = trains
    }

    /// Between the end of one pulse and the begin of the next.
    public var shortestPause: Nanoseconds {
        if trains == 1 { return pulses == 1 ? Nanoseconds(.max) : spacing - width }
        let rest = period - spacing * Int64(pulses - 1) - width
        return pulses == 1 ? rest : min(rest, spacing - width)
    }
}
