public import TapCore

/// A value at each time, in the SI's base; known within an accuracy, or unknown.
public indirect enum Measure: Sendable, Hashable {
    case quantity(Quantity)
    case channel(String)
    /// What is claimed, in the SI's base.
    case tag(TagName)
    /// What stands under `words` by this name.
    case word(String)
    case sum(Measure, Measure)
    case difference(Measure, Measure)
    case product(Measure, Measure)
    case quotient(Measure, Measure)
    case power(Measure, Int)
    case negative(Measure)
    case greatest([Measure])
    case least([Measure])
    case magnitude(Measure)
    /// Over the last so long.
    case integral(Measure, over: Nanoseconds)
    case change(Measure, over: Nanoseconds)
    /// How often it became true in the last so long.
    case starts(Condition, over: Nanoseconds)
    /// What the pulses of a line counted in the last so long.
    case counted(String, over: Nanoseconds)
}
