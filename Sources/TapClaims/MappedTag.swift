import TapConfig
import TapCore

/// A tag and the registers, coils or inputs that hold it.
struct MappedTag: Sendable, Hashable {
    let id: TagID
    let name: String
    let register: SiteRegister
    private let scale: RegisterScale
    private let meaning: Meaning

    private enum Meaning: Sendable, Hashable {
        case flag
        case number
        /// By their numbers.
        case words([Claim.Value])
    }

    /// nil: its claims come by name.
    init?(_ tag: SiteTag, id: TagID) {
        guard let register = tag.register else { return nil }
        (self.id, name, self.register) = (id, tag.name, register)
        scale = RegisterScale(register.scale)
        switch tag.kind {
        case .bool: meaning = .flag
        case .number, .clock: meaning = .number
        case .words(let words): meaning = .words(words.map { .text(ShortText($0)) })
        }
    }

    var first: Int { register.address }
    var last: Int { register.address + register.words - 1 }

    /// Of one register the bits, else all.
    private var mask: UInt16 {
        guard let bits = register.bits else { return .max }
        return UInt16(truncatingIfNeeded: (1 << (bits.count)) - 1) << UInt16(bits.lowerBound)
    }

    /// Whether both hold some bit.
    func overlaps(_ other: MappedTag) -> Bool {
        guard first <= other.last, other.first <= last else { return false }
        return first != other.first || mask & other.mask != 0
    }

    /// What its registers say, and how good that is: what is no number, or the number of no word, is bad.
    ///
    /// - Parameter word: the register so many after the first, in the order of addresses.
    func value(_ word: (Int) -> UInt16) -> (Claim.Value, Claim.Quality) {
        var pattern: UInt64 = 0
        for index in 0..<register.words {
            pattern = pattern << 16 | UInt64(word(register.order == .highFirst ? index : register.words - 1 - index))
        }
        if let bits = register.bits {
            pattern = (pattern & UInt64(mask)) >> UInt64(bits.lowerBound)
        }
        switch meaning {
        case .flag: return (.bool(pattern != 0), .good)
        case .words(let words):
            guard pattern < UInt64(words.count) else { return (.text(ShortText("\(pattern)")), .bad) }
            return (words[Int(pattern)], .good)
        case .number:
            let number = number(pattern)
            return (.number(number), number.isFinite ? .good : .bad)
        }
    }

    private func number(_ pattern: UInt64) -> Double {
        switch register.form {
        case .float where register.words == 4: return scale.value(Double(bitPattern: pattern))
        case .float: return scale.value(Double(Float(bitPattern: UInt32(truncatingIfNeeded: pattern))))
        case .signed:
            let unused = UInt64(64 - (register.bits?.count ?? 16 * register.words))
            return scale.value(Int64(bitPattern: pattern << unused) >> Int64(unused))
        case .unsigned:
            return Int64(exactly: pattern).map { scale.value($0) } ?? scale.value(Double(pattern))
        }
    }
}
