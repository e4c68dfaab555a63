import TapConfig
import TapCore

/// The RTU's registers: one count for each tag.
struct FeederReport: Sendable, Hashable {
    private(set) var counts: InlineArray<26, Int32> = .init(repeating: 0)

    static func == (left: FeederReport, right: FeederReport) -> Bool {
        FeederTag.allCases.allSatisfy { left[$0] == right[$0] }
    }

    func hash(into hasher: inout Hasher) { for tag in FeederTag.allCases { hasher.combine(self[tag]) } }

    subscript(_ tag: FeederTag) -> Int32 {
        get { counts[tag.rawValue] }
        set { counts[tag.rawValue] = newValue }
    }

    mutating func set(_ tag: FeederTag, to isOn: Bool) { self[tag] = isOn ? 1 : 0 }

    /// To the nearest count.
    mutating func set(_ tag: FeederTag, to value: Double) {
        guard case .number(_, let perUnit) = tag.form else { return }
        self[tag] = Int32(min(65_535, max(0, (value * perUnit).rounded())))
    }

    /// In the tag's unit.
    func number(_ tag: FeederTag) -> Double {
        guard case .number(_, let perUnit) = tag.form else { return Double(self[tag]) }
        return Double(self[tag]) / perUnit
    }

    func value(of tag: FeederTag) -> Claim.Value { FeederReport.value(of: tag, self[tag]) }

    /// What the screen says of a count.
    static func value(of tag: FeederTag, _ count: Int32) -> Claim.Value {
        switch tag.form {
        case .flag: .bool(count != 0)
        case .number(_, let perUnit): .number(Double(count) / perUnit)
        case .words(let words): .text(ShortText(words[min(words.count - 1, max(0, Int(count)))]))
        }
    }
}
