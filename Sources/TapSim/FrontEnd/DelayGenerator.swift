import TapConfig
import TapCore

/// Another wave, later: rising and falling changes by times of their own, so that short pulses may vanish.
///
/// A change is on its way until its time has come. The next one takes it back, and itself with it, if it would come
/// first, or if the pulse between them is shorter than the minimum. The minimum is no longer than a delay, so nothing
/// that has come out is ever taken back.
final class DelayGenerator: DigitalGenerator {
    private var of: TransitionCursor
    private let on: UInt64
    private let off: UInt64
    private let minimum: UInt64
    /// On their way, in order of time; as many as fit into a delay.
    private var waiting: [Change] = []
    private var first = 0

    private struct Change {
        var came: UInt64
        var due: UInt64
    }

    init(_ of: DigitalGenerator, _ delay: Delay) {
        self.of = TransitionCursor(of)
        on = UInt64(delay.on.count)
        off = UInt64(delay.off.count)
        minimum = UInt64(delay.minimum.count)
        super.init(startsHigh: of.startsHigh)
    }

    override func next(upTo limit: UInt64) -> UInt64 {
        while true {
            let isWaiting = first < waiting.count
            let until = isWaiting ? min(limit, waiting[first].due) : limit
            let change = of.peek(upTo: until)
            if change != DigitalGenerator.none {
                of.take()
                take(change, due: change + (of.isHigh ? on : off))
                continue
            }
            guard isWaiting, waiting[first].due <= limit else { return DigitalGenerator.none }
            let due = waiting[first].due
            first += 1
            if first == waiting.count {
                waiting.removeAll(keepingCapacity: true)
                first = 0
            } else if first > 1_024, first > waiting.count / 2 {
                waiting.removeFirst(first)
                first = 0
            }
            return due
        }
    }

    private func take(_ came: UInt64, due: UInt64) {
        if first < waiting.count, let last = waiting.last, due <= last.due || came - last.came < minimum {
            waiting.removeLast()
        } else {
            waiting.append(Change(came: came, due: due))
        }
    }
}
