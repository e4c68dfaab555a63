/// The transitions of one digital wave, in order, from the first on: each toggles the level.
///
/// Times are nanoseconds of virtual time, grow, and are computed in whole nanoseconds from the wave's own places, so
/// that the millionth is as exact as the first. What is asked, and in how many portions, changes nothing. Used by one
/// thread at a time; nothing is allocated once it runs, but where a queue grows to its size.
class DigitalGenerator {
    /// The level at time zero; a transition that falls on it is part of it.
    final let startsHigh: Bool

    init(startsHigh: Bool) { self.startsHigh = startsHigh }

    /// The next transition, if it is not after `limit`, and goes on behind it; `none` otherwise.
    ///
    /// - Parameter limit: before `none`. Everything that the wave depends on is known up to it.
    func next(upTo limit: UInt64) -> UInt64 { DigitalGenerator.none }

    static let none = UInt64.max
}
