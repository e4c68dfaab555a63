import TapConfig
import TapCore

/// One track of a quadrature encoder that turns to and fro at one speed.
///
/// Its position counts the nanoseconds of turning, forwards and backwards. A track changes where the position passes a
/// place of its own: A at each half period, B a quarter of a period behind.
final class EncoderGenerator: DigitalGenerator {
    private let period: Int64
    /// 0 for track A, 1 for B: by how many quarters its places are shifted.
    private let quarter: Int64
    private let turns: [UInt64]
    private let turnEvery: UInt64?
    private var turnIndex = 0
    private var nextTurn: UInt64

    /// Where it was, when, and which way it has turned since.
    private var position: Int64 = 0
    private var time: UInt64 = 0
    private var isForward = true
    /// The place that was passed last on the way up.
    private var place: Int64

    init(_ encoder: EncoderTrack) {
        period = encoder.period.count
        quarter = encoder.track == .a ? 0 : 1
        turns = encoder.turns.map { UInt64($0.count) }
        turnEvery = encoder.turnEvery.map { UInt64($0.count) }
        // At position zero A is at the begin of its high half, B before its own.
        place = encoder.track == .a ? 0 : -1
        nextTurn = turns.first ?? turnEvery ?? DigitalGenerator.none
        super.init(startsHigh: encoder.track == .a)
    }

    private func location(of place: Int64) -> Int64 {
        let (whole, rest) = (2 * place + quarter).quotientAndRemainder(dividingBy: 4)
        let (quotient, remainder) = rest < 0 ? (whole - 1, rest + 4) : (whole, rest)
        return quotient * period + remainder * period / 4
    }

    override func next(upTo limit: UInt64) -> UInt64 {
        while true {
            let distance = isForward ? location(of: place + 1) - position : position - location(of: place) + 1
            let due = time + UInt64(distance)
            if due <= nextTurn {
                guard due <= limit else { return DigitalGenerator.none }
                position += isForward ? distance : -distance
                time = due
                place += isForward ? 1 : -1
                return due
            }
            guard nextTurn <= limit else { return DigitalGenerator.none }
            turn()
        }
    }

    private func turn() {
        let passed = Int64(nextTurn - time)
        position += isForward ? passed : -passed
        time = nextTurn
        isForward.toggle()
        turnIndex += 1
        if turnIndex < turns.count {
            nextTurn = turns[turnIndex]
        } else {
            nextTurn = turnEvery.map { time + $0 } ?? DigitalGenerator.none
        }
    }
}
