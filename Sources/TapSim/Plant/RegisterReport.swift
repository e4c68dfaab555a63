import TapCore

/// A controller's registers as they are read once: one count for each tag.
struct RegisterReport<Tag: RegisterTag>: Sendable, Hashable {
    private(set) var counts = [Int32](repeating: 0, count: Tag.allCases.count)

    subscript(_ tag: Tag) -> Int32 {
        get { counts[tag.rawValue] }
        set { counts[tag.rawValue] = newValue }
    }

    mutating func set(_ tag: Tag, to isOn: Bool) { self[tag] = isOn ? 1 : 0 }

    /// To the nearest count.
    mutating func set(_ tag: Tag, to value: Double) {
        guard case .number(_, let perUnit) = tag.form else { return }
        self[tag] = Int32(min(Tag.counts.upperBound, max(Tag.counts.lowerBound, (value * perUnit).rounded())))
    }

    /// In the tag's unit.
    func number(_ tag: Tag) -> Double {
        guard case .number(_, let perUnit) = tag.form else { return Double(self[tag]) }
        return Double(self[tag]) / perUnit
    }

    /// What the screen says of one tag.
    func value(of tag: Tag) -> Claim.Value {
        switch tag.form {
        case .flag: return .bool(self[tag] != 0)
        case .number: return .number(number(tag))
        case .words(let words): return .text(ShortText(words[min(words.count - 1, max(0, Int(self[tag])))]))
        }
    }

    /// As they stand in the controller's table.
    var words: [UInt16] {
        var words: [UInt16] = []
        words.reserveCapacity(2 * counts.count)
        for tag in Tag.allCases {
            let count = UInt32(bitPattern: self[tag])
            if tag.registers == 2 { words.append(UInt16(truncatingIfNeeded: count >> 16)) }
            words.append(UInt16(truncatingIfNeeded: count))
        }
        return words
    }
}
