import TapWatch

/// What is shown over time: a signal, or what is claimed under a tag.
public struct Lane: Sendable {
    public enum Kind: String, Sendable {
        case digital, analog, claim
        /// A line of which pulses are counted: it has no level.
        case count
    }

    /// A signal of the site, or a tag as `hmi.LEVEL`.
    public var name: String
    public var kind: Kind
    /// Of its values as they are shown; empty: none.
    public var unit: String
    /// The signal that a claim speaks of; nil: none, or several.
    public var of: String?
    /// Values are places in this list; empty: they are numbers.
    public var words: [String]
    /// From the SI's base to the unit: shown = (base - `zero`) / `size`.
    var zero: Double
    var size: Double
    /// In the unit: what is less does not matter; 0: not known.
    var step: Double
    /// The session's source of it, by its number; nil: the session has no such signal or tag.
    var source: Int?
    /// Its level is read again each second; otherwise its source's promise is all there is.
    var isReread = false

    /// Of an analog signal: how long after its last scan it is what it was, in nanoseconds: three periods, and the time in
    /// which scans are delivered together.
    var lasts = Int64.max

    /// The session has it.
    public var isCaptured: Bool { source != nil }

    func shown(_ base: Double) -> Double { (base - zero) / size }

    /// A value in the SI's base as people read it.
    func text(_ base: Double) -> String { DecimalText.text(shown(base), step: step, unit: unit) }

    /// A difference of two, with its sign.
    func difference(_ base: Double) -> String {
        let text = DecimalText.text(base / size, step: step, unit: unit)
        return text.hasPrefix("-") ? text : "+" + text
    }
}

/// What a lane is now.
public struct LaneNow: Sendable {
    public enum State: String, Sendable {
        case unknown, known, lost, muted
    }

    public var state = State.unknown
    /// In the SI's base, 0 or 1 for a level, or the place of a word; NaN: unknown.
    public var value = Double.nan
    /// Of a claim that is a text.
    public var text: String?
    /// When it was recorded last, since the session's start, in nanoseconds.
    public var heard: Int64?
    public var records: UInt64 = 0
    public var losses: UInt64 = 0
    /// Rising edges of a line.
    public var pulses: UInt64 = 0
    var rate: RateMemory?
}
