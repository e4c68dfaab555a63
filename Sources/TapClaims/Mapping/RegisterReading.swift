/// A form that one register or two may have.
struct RegisterReading: Sendable {
    let words: Int
    let isLowFirst: Bool
    let form: MapProposal.Form
    /// The smallest difference of two numbers.
    let step: Double
    /// Of two that fit alike, the smaller one is taken. The high word of a float follows as well as the float, if more coarsely.
    let doubt: Double

    static let all = [
        RegisterReading(words: 1, isLowFirst: false, form: .unsigned, step: 1, doubt: 1),
        RegisterReading(words: 1, isLowFirst: false, form: .signed, step: 1, doubt: 1),
        RegisterReading(words: 2, isLowFirst: false, form: .float, step: 0, doubt: 0.7),
        RegisterReading(words: 2, isLowFirst: true, form: .float, step: 0, doubt: 0.7),
        RegisterReading(words: 2, isLowFirst: false, form: .unsigned, step: 1, doubt: 1.5),
        RegisterReading(words: 2, isLowFirst: true, form: .unsigned, step: 1, doubt: 1.5),
        RegisterReading(words: 2, isLowFirst: false, form: .signed, step: 1, doubt: 1.5),
        RegisterReading(words: 2, isLowFirst: true, form: .signed, step: 1, doubt: 1.5),
    ]

    /// Of each answer; nil: it is not of this form, or another form says the same.
    func numbers(_ answer: AnswerTrace, _ place: Int) -> [Double]? {
        let first = answer.column(place)
        guard words == 2 else {
            let isSigned = first.contains { $0 >= 0x8000 }
            guard form == .unsigned || isSigned else { return nil }
            return first.map { form == .signed ? Double(Int16(bitPattern: $0)) : Double($0) }
        }
        let second = answer.column(place + 1)
        let (high, low) = isLowFirst ? (second, first) : (first, second)
        // A high word that rests says nothing.
        guard let rest = high.first, high.contains(where: { $0 != rest }) else { return nil }
        let patterns = zip(high, low).map { UInt32($0) << 16 | UInt32($1) }
        switch form {
        case .unsigned: return patterns.map(Double.init)
        case .signed:
            guard patterns.contains(where: { $0 >= 0x8000_0000 }) else { return nil }
            return patterns.map { Double(Int32(bitPattern: $0)) }
        case .float:
            let numbers = patterns.map { Double(Float(bitPattern: $0)) }
            let isPlain = numbers.allSatisfy { $0 == 0 || (1e-6...1e9).contains(abs($0)) }
            return isPlain ? numbers : nil
        }
    }
}
