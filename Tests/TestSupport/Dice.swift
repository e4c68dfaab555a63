public import TapCore

/// A seeded generator (SplitMix64, Steele, Lea and Flood 2014): the same numbers in every run and on every machine.
public struct Dice: RandomNumberGenerator {
    private var state: UInt64

    public init(_ seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// Below `bound`, 0 where that is less than 1; the bias of the remainder does not matter here.
    public mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

    public mutating func isTrue(oneIn count: Int) -> Bool { below(count) == 0 }

    /// Small numbers, large ones, and both ends.
    public mutating func word() -> UInt64 {
        switch below(6) {
        case 0: 0
        case 1: .max
        case 2: UInt64(Int64.max)
        case 3: UInt64(below(256))
        default: next()
        }
    }

    public mutating func span() -> Nanoseconds { Nanoseconds(Int64(bitPattern: word())) }
}
