public import TapCore

/// A tag whose claims are looked for in a file that others wrote, and what they can be.
public struct ClaimTag: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case bool
        /// In the tag's unit.
        case number
        /// One of these, or its number from 0 on.
        case words([String])
        /// Anything.
        case text
    }

    public var info: TagInfo
    public var kind: Kind

    public init(_ info: TagInfo, _ kind: Kind) {
        self.info = info
        self.kind = kind
    }

    /// What is written, as a claim of this tag. What the tag cannot be is kept as it is written; it does not fit.
    package func claim(of written: Claim.Value) -> (value: Claim.Value, isFitting: Bool) {
        switch kind {
        case .bool: return ClaimTag.bool(written)
        case .number: return ClaimTag.number(written)
        case .words(let words):
            switch written {
            case .number(let number):
                guard let place = Int(exactly: number), words.indices.contains(place) else { return (written, false) }
                return (.text(ShortText(words[place])), true)
            case .bool(let isTrue): return (written, words.contains(isTrue ? "true" : "false"))
            case .text: return (written, true)
            }
        case .text: return (written, true)
        }
    }

    private static func bool(_ written: Claim.Value) -> (Claim.Value, Bool) {
        switch written {
        case .bool: return (written, true)
        case .number(let number): return number == 0 || number == 1 ? (.bool(number == 1), true) : (written, false)
        case .text(let text):
            let bytes = Array(text.text.utf8)
            guard let level = CSVText.level(bytes, 0..<bytes.count), level != LineLevels.unknown else {
                return (written, false)
            }
            return (.bool(level == 1), true)
        }
    }

    private static func number(_ written: Claim.Value) -> (Claim.Value, Bool) {
        switch written {
        case .bool(let isTrue): return (.number(isTrue ? 1 : 0), true)
        case .number(let number): return (written, number.isFinite)
        case .text(let text):
            guard let number = Double(text.text) else { return (written, false) }
            return (.number(number), number.isFinite)
        }
    }
}
