import TapConfig

/// A plant's digital signal as far as it is known.
final class SignalGenerator: DigitalGenerator {
    private var times: [UInt64] = []
    private var first = 0

    func append(_ transitions: [Signals.Transition]) {
        if first == times.count {
            times.removeAll(keepingCapacity: true)
            first = 0
        }
        for transition in transitions { times.append(transition.time) }
    }

    override func next(upTo limit: UInt64) -> UInt64 {
        guard first < times.count, times[first] <= limit else { return DigitalGenerator.none }
        first += 1
        return times[first - 1]
    }
}
