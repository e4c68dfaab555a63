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
