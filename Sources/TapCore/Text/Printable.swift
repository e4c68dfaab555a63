/// Text of a file or a command line made fit for a message of one line: what would break the line, drive a terminal
/// or turn the reading direction round is written as `\u{...}`, and the end of a long text is left out.
package func printable(_ text: String, longest: Int = 200) -> String {
    var result = ""
    var length = 0
    for scalar in text.unicodeScalars {
        if length == longest { return result + "..." }
        length += 1
        if isDangerous(scalar) {
            result += "\\u{\(String(scalar.value, radix: 16))}"
        } else {
            result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// In single quotes, at most 40 characters of it.
package func quoted(_ text: String) -> String { "'\(printable(text, longest: 40))'" }

/// Control characters, invisible line breaks, and the marks that reverse what a person reads.
package func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
}

/// `a`, `a or b`, `a, b or c`.
package func alternatives(_ names: [String]) -> String {
    guard let last = names.last else { return "nothing" }
    return names.count == 1 ? last : names.dropLast().joined(separator: ", ") + " or " + last
}

package func isDigits(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy(isDigit)
}

package func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

package func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
}
