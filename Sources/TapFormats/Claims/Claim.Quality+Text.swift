import TapCore

extension Claim.Quality {
    /// What a column or member of qualities says: a word, OPC's byte of 0 to 255 (192: good), or, of a `status`, OPC UA's code
    /// of 32 bits (0: good). Anything else is unknown.
    init(written: String, isStatus: Bool) {
        let text = written.trimmed.lowercased()
        let isHex = text.hasPrefix("0x")
        if let number = UInt32(isHex ? text.dropFirst(2) : text[...], radix: isHex ? 16 : 10) {
            let isCode = isStatus || number > 255
            let classes: [Claim.Quality] =
                isCode ? [.good, .uncertain, .bad, .bad] : [.bad, .uncertain, .unknown, .good]
            self = classes[Int(isCode ? number >> 30 : number >> 6)]
            return
        }
        switch text.prefix(while: \.isLetter) {
        case "good", "g", "ok", "valid": self = .good
        case "uncertain", "u", "questionable", "suspect", "doubtful": self = .uncertain
        case "bad", "b", "invalid", "error", "failed": self = .bad
        default: self = .unknown
        }
    }
}
