import TapConfig
import TapCore

/// A contact that bounces after each change.
final class BounceGenerator: DigitalGenerator {
    private var of: TransitionCursor
    private let bounce: Bounce
    private var random: Random
    private var isHigh: Bool
    /// Changes that are still to come of the present bounce: their times, from `first` on.
    private var times: [UInt64] = []
    private var first = 0

    /// More of one bounce is not given.
    private static let most = 256

    init(_ of: DigitalGenerator, _ bounce: Bounce, random: Random) {
        self.of = TransitionCursor(of)
        self.bounce = bounce
        self.random = random
        isHigh = of.startsHigh
        times.reserveCapacity(BounceGenerator.most + 1)
        super.init(startsHigh: isHigh)
    }

    override func next(upTo limit: UInt64) -> UInt64 {
        while true {
            let change = of.peek(upTo: limit)
            let due = first < times.count ? times[first] : DigitalGenerator.none
            if due < change {
                guard due <= limit else { return DigitalGenerator.none }
                first += 1
                isHigh.toggle()
                return due
            }
            guard change != DigitalGenerator.none else { return DigitalGenerator.none }
            of.take()
            // A new movement of the contact ends the bouncing of the last one.
            begin(at: change, isHigh: of.isHigh)
        }
    }

    /// The contact touches (or leaves) at once, then an even number of times more.
    private func begin(at time: UInt64, isHigh target: Bool) {
        times.removeAll(keepingCapacity: true)
        first = 0
        // Bouncing may have left it there already.
        var isOdd = isHigh != target
        if isOdd { times.append(time) }
        let longest = Double(bounce.longest.count)
        let length = min(Double(bounce.mean.count) * random.exponential(), longest)
        var at = 0.0
        while times.count < BounceGenerator.most {
            at += Double(bounce.spacing.count) * random.exponential()
            guard at < length else { break }
            let next = time + UInt64(max(1, at.rounded()))
            guard next > times.last ?? time else { continue }
            times.append(next)
        }
        isOdd = (times.count % 2 == 1) != isOdd
        // It comes to rest where it belongs.
        if isOdd { times.removeLast() }
    }
}
