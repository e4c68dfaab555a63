import TapConfig

/// Periodic pulses, with or without jitter.
final class PulseGenerator: DigitalGenerator {
    private var walk: PulseWalk

    /// - Parameter jitter: the seed and stream of the pulses' random places.
    init(_ train: PulseTrain, jitter: (seed: UInt64, stream: UInt64)) {
        var walk = PulseWalk(train, jitter)
        var startsHigh = train.isInverted
        while walk.time == 0 {
            startsHigh.toggle()
            walk.advance()
        }
        self.walk = walk
        super.init(startsHigh: startsHigh)
    }

    override func next(upTo limit: UInt64) -> UInt64 { walk.next(upTo: limit) }
}
