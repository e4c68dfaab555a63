/// What a controller reports to its screen, in the order of its registers: a raw value is the place in the table.
protocol RegisterTag: CaseIterable, RawRepresentable<Int>, Sendable {
    var name: String { get }
    var form: RegisterForm { get }
    /// Registers of 16 bits it takes, high word first.
    var registers: Int { get }
    /// Within these a number's count is kept.
    static var counts: ClosedRange<Double> { get }
}

enum RegisterForm: Sendable {
    case flag
    /// A register counts so many to the unit.
    case number(unit: String, perUnit: Double)
    case words([String])
}

extension RegisterTag {
    var registers: Int { 1 }
    static var counts: ClosedRange<Double> { -2e9...2e9 }

    /// Of its numbers; empty: it has none.
    var unit: String { if case .number(let unit, _) = form { unit } else { "" } }

    static func named(_ name: String) -> Self? { allCases.first { $0.name == name } }
}
