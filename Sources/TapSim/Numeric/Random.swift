/// A stream of random numbers: a function of a seed and a name, the same on every machine.
///
/// xoshiro256** (Blackman and Vigna, 2018), its state filled by SplitMix64. Whoever needs randomness names a stream of
/// its own, so that one more draw in one place changes nothing in any other. For simulation, not for secrets.
public struct Random: RandomNumberGenerator, Sendable, Hashable {
    private var s0: UInt64
    private var s1: UInt64
    private var s2: UInt64
    private var s3: UInt64
    private var spare: Double?

    /// - Parameter stream: what the numbers are for, as "line PUMP_FB bounce".
    public init(seed: UInt64, stream: String) {
        var state = seed ^ Random.digest(stream)
        s0 = Random.splitMix(&state)
        s1 = Random.splitMix(&state)
        s2 = Random.splitMix(&state)
        s3 = Random.splitMix(&state)
    }

    public mutating func next() -> UInt64 {
        let multiplied = s1 &* 5
        let result = (multiplied << 7 | multiplied >> 57) &* 9
        let shifted = s1 << 17
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= shifted
        s3 = s3 << 45 | s3 >> 19
        return result
    }

    /// Evenly spread from 0 up to, not including, 1.
    public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Evenly spread over whole numbers from 0 up to, not including, `bound`; traps unless that is above 0.
    ///
    /// Multiply and shift, without rejection: a bias below 2^-32 for any bound that a simulation uses.
    public mutating func below(_ bound: UInt64) -> UInt64 {
        precondition(bound > 0, "a bound above 0")
        return next().multipliedFullWidth(by: bound).high
    }

    /// Whether something of this probability, 0 to 1, happens.
    public mutating func chance(_ probability: Double) -> Bool { unit() < probability }

    /// Standard normal, mean 0 and deviation 1 (the polar method of Marsaglia).
    public mutating func gaussian() -> Double {
        if let spare {
            self.spare = nil
            return spare
        }
        while true {
            let x = 2 * unit() - 1
            let y = 2 * unit() - 1
            let square = x * x + y * y
            guard square > 0, square < 1 else { continue }
            let factor = (-2 * Elementary.log(square) / square).squareRoot()
            spare = y * factor
            return x * factor
        }
    }

    /// Exponentially distributed with mean 1: the time to the next of events that come by chance.
    public mutating func exponential() -> Double { -Elementary.log(1 - unit()) }

    /// A number that belongs to an index: for what is asked out of order, as the jitter of the millionth pulse.
    public static func at(_ index: UInt64, seed: UInt64, stream: UInt64) -> UInt64 {
        var state = seed ^ stream ^ (index &* 0xD1B5_4A32_D192_ED03)
        _ = splitMix(&state)
        return splitMix(&state)
    }

    /// FNV-1a of 64 bits: a stream's name as a number.
    public static func digest(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash
    }

    private static func splitMix(_ state: inout UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

extension Random {
    /// Standard normal, of an index: see `at`. Box and Muller's transform of two numbers.
    static func gaussian(at index: UInt64, seed: UInt64, stream: UInt64) -> Double {
        let first = Double(at(index &* 2, seed: seed, stream: stream) >> 11) * 0x1p-53
        let second = Double(at(index &* 2 &+ 1, seed: seed, stream: stream) >> 11) * 0x1p-53
        return (-2 * Elementary.log(1 - first)).squareRoot() * Sine.ofTurns(second)
    }
}
