extension AnalogWave {
    /// The plant's signal that a wave follows: factor x signal + offset, noise and the ends of a range left aside.
    public struct Followed: Sendable, Hashable {
        public var signal: String
        public var factor: Double
        public var offset: Double
    }

    /// nil: it follows none, or several.
    public var followed: Followed? {
        switch self {
        case .signal(let name): return Followed(signal: name, factor: 1, offset: 0)
        case .named(_, let wave), .saturate(let wave, _, _), .held(let wave, _), .altered(let wave, _):
            return wave.followed
        case .scale(let wave, let factor, let offset):
            guard factor != 0, var followed = wave.followed else { return nil }
            followed.factor *= factor
            followed.offset = followed.offset * factor + offset
            return followed
        case .sum(let waves):
            let parts = waves.compactMap(\.followed)
            guard parts.count == 1, var followed = parts.first else { return nil }
            for case .constant(let value) in waves { followed.offset += value }
            return followed
        default: return nil
        }
    }

    /// A plant's signal as it is.
    var isSignal: Bool { if case .signal = self { true } else { false } }

    /// What a loop carries of a transmitter that keeps to its own limits: 3.6 mA and 21 mA say that it has failed.
    public static func transmitted(_ wave: AnalogWave) -> AnalogWave { .saturate(wave, low: 0, high: 0.0215) }

    /// It is a current of 4 to 20 mA: `wave: loop`, whatever else it is the sum of.
    public var isLoop: Bool {
        switch self {
        case .saturate(_, let low, let high): low == 0.0038 && high == 0.0205 || low == 0 && high == 0.0215
        case .named(_, let wave), .held(let wave, _), .altered(let wave, _): wave.isLoop
        case .sum(let waves): waves.count { $0.isLoop } == 1
        default: false
        }
    }
}

extension DigitalWave {
    /// The plant's signal that it follows, front end and faults left aside; nil: none.
    public var followed: String? {
        switch self {
        case .signal(let name): name
        case .named(_, let wave), .delay(let wave, _), .bounce(let wave, _), .missing(let wave, _),
            .extra(let wave, _, _, _), .filter(let wave, _), .altered(let wave, _):
            wave.followed
        default: nil
        }
    }
}
