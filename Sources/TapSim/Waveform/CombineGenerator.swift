import TapConfig

/// Several waves made one.
final class CombineGenerator: DigitalGenerator {
    private let rule: DigitalWave.Combination
    private var parts: [TransitionCursor]
    private var highs: Int
    private var isHigh: Bool

    init(_ rule: DigitalWave.Combination, _ generators: [DigitalGenerator]) {
        self.rule = rule
        parts = generators.map { TransitionCursor($0) }
        highs = generators.count { $0.startsHigh }
        isHigh = CombineGenerator.level(rule, highs, generators.count)
        super.init(startsHigh: isHigh)
    }

    private static func level(_ rule: DigitalWave.Combination, _ highs: Int, _ count: Int) -> Bool {
        switch rule {
        case .and: highs == count
        case .or: highs > 0
        case .xor: highs % 2 == 1
        }
    }

    override func next(upTo limit: UInt64) -> UInt64 {
        while true {
            var first = DigitalGenerator.none
            for index in parts.indices { first = min(first, parts[index].peek(upTo: limit)) }
            guard first != DigitalGenerator.none else { return first }
            for index in parts.indices where parts[index].peek(upTo: limit) == first {
                parts[index].take()
                highs += parts[index].isHigh ? 1 : -1
            }
            // What changes and changes back at one instant has not changed.
            let level = CombineGenerator.level(rule, highs, parts.count)
            if level != isHigh {
                isHigh = level
                return first
            }
        }
    }
}
