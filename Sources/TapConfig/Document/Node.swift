import TapCore

/// A value of a YAML file and where it begins. Duplicate keys are still in it.
package struct Node {
    package enum Value {
        case scalar(String, isPlain: Bool)
        case list([Node])
        case map([Entry])
        /// Was reported already: says nothing more.
        case refused
    }

    package struct Entry {
        package var key: Node
        package var value: Node
    }

    package var position: FilePosition
    package var value: Value

    /// The value at the first key of this name; nil: it is no map, or has none.
    package func value(of key: String) -> Node? {
        guard case .map(let entries) = value else { return nil }
        let entry = entries.first { entry in
            if case .scalar(key, _) = entry.key.value { true } else { false }
        }
        return entry?.value
    }

    /// The text at a key of a map whose keys are not checked yet; nil: there is none.
    func text(at key: String) -> String? {
        guard case .scalar(let text, _) = value(of: key)?.value else { return nil }
        return text
    }

    /// What it is, for a message.
    package var kind: String {
        switch value {
        case .scalar(let text, let isPlain):
            if isPlain, isNull(text) { return "empty" }
            if isPlain, looksLikeNumber(text) { return "the number \(printable(text, longest: 40))" }
            return quoted(text)
        case .list: return "a list"
        case .map: return "a map"
        case .refused: return "refused"
        }
    }
}

/// What YAML readers take for no value.
package func isNull(_ plain: String) -> Bool { ["", "~", "null", "Null", "NULL"].contains(plain) }

/// What common YAML readers (1.1 or 1.2) take for true or false; `y` and `n`, which YAML 1.1 has too, none does.
func looksLikeBoolean(_ plain: String) -> Bool {
    ["true", "false", "yes", "no", "on", "off"].contains(plain.lowercased())
}

/// What some YAML reader (1.1 or 1.2) takes for a number or a time and not for text: `12`, `-1.5e3`, `.5`, `0x1F`,
/// `1_000`, `1:30`, `.inf`, `2024-05-01`.
func looksLikeNumber(_ plain: String) -> Bool {
    var body = Substring(plain)
    if let sign = body.first, sign == "+" || sign == "-" { body = body.dropFirst() }
    if [".inf", ".nan"].contains(body.lowercased()) { return true }
    guard let first = body.utf8.first, isDigit(first) || first == UInt8(ascii: ".") else { return false }
    guard body.utf8.contains(where: isDigit) else { return false }
    let radix = body.prefix(2).lowercased()
    if radix == "0x" || radix == "0o" || radix == "0b" {
        return body.dropFirst(2).utf8.allSatisfy { isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "_") }
    }
    let parts = body.split(separator: "-", omittingEmptySubsequences: false)
    if parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count <= 2, parts.allSatisfy({ isDigits($0) }) {
        return true
    }
    return isDecimal(body, alsoIn: "_:")
}

/// Digits, a point, digits, an exponent; `others` may stand before the exponent.
func isDecimal(_ text: Substring, alsoIn others: String = "") -> Bool {
    let halves = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
    guard let mantissa = halves.first, mantissa.utf8.contains(where: isDigit) else { return false }
    guard mantissa.utf8.count(where: { $0 == UInt8(ascii: ".") }) <= 1 else { return false }
    let isMantissa = mantissa.utf8.allSatisfy { isDigit($0) || $0 == UInt8(ascii: ".") || others.utf8.contains($0) }
    guard isMantissa, halves.count == 2 else { return isMantissa }
    var exponent = halves[1]
    if let sign = exponent.first, sign == "+" || sign == "-" { exponent = exponent.dropFirst() }
    return isDigits(exponent)
}
