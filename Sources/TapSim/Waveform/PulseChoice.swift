import TapConfig

/// Which pulses of a wave are meant; asked in their order.
struct PulseChoice {
    private let choice: DigitalWave.Choice
    private let seed: UInt64
    private let stream: UInt64
    /// Of those that are listed.
    private var listed = 0

    init(_ choice: DigitalWave.Choice, seed: UInt64, stream: String) {
        self.choice = choice
        self.seed = seed
        self.stream = Random.digest(stream)
    }

    /// - Parameter pulse: counted from 1.
    mutating func contains(_ pulse: UInt64) -> Bool {
        switch choice {
        case .every(let count): return pulse % UInt64(count) == 0
        case .share(let share): return Double(Random.at(pulse, seed: seed, stream: stream) >> 11) * 0x1p-53 < share
        case .numbers(let numbers):
            guard listed < numbers.count, UInt64(numbers[listed]) == pulse else { return false }
            listed += 1
            return true
        }
    }
}
