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
    /// - Parameter limit: before `none`. Everything that the wave hangs on is known up to it.
    func next(upTo limit: UInt64) -> UInt64 { DigitalGenerator.none }

    static let none = UInt64.max
}

/// A place in a generator's transitions, with the level there.
struct TransitionCursor {
    private let generator: DigitalGenerator
    /// The transition that is next, once it was asked for.
    private var time = DigitalGenerator.none
    private(set) var isHigh: Bool

    init(_ generator: DigitalGenerator) {
        self.generator = generator
        isHigh = generator.startsHigh
    }

    /// The next transition up to `limit`; `none`: there is none.
    @inline(__always)
    mutating func peek(upTo limit: UInt64) -> UInt64 {
        if time == DigitalGenerator.none { time = generator.next(upTo: limit) }
        return time <= limit ? time : DigitalGenerator.none
    }

    /// Goes on behind the transition that was seen.
    @inline(__always)
    mutating func take() {
        isHigh.toggle()
        time = DigitalGenerator.none
    }
}

/// Never changes.
final class ConstantGenerator: DigitalGenerator {}

/// Changes at given times.
final class ChangeGenerator: DigitalGenerator {
    private let times: [UInt64]
    private var index = 0

    init(_ times: [UInt64], startsHigh: Bool) {
        let isChangedAtZero = times.first == 0
        self.times = isChangedAtZero ? Array(times.dropFirst()) : times
        super.init(startsHigh: startsHigh != isChangedAtZero)
    }

    override func next(upTo limit: UInt64) -> UInt64 {
        guard index < times.count, times[index] <= limit else { return DigitalGenerator.none }
        index += 1
        return times[index - 1]
    }
}

/// The opposite of another.
final class InvertGenerator: DigitalGenerator {
    private let of: DigitalGenerator

    init(_ of: DigitalGenerator) {
        self.of = of
        super.init(startsHigh: !of.startsHigh)
    }

    override func next(upTo limit: UInt64) -> UInt64 { of.next(upTo: limit) }
}
