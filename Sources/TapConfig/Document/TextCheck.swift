import TapCore

/// What must hold before libyaml sees a file, each with its place: libyaml reports bytes it cannot read without one,
/// and takes some (tabs, invisible line breaks) that a person cannot see.
struct TextCheck {
    private var line = 1
    private var column = 1
    private var lineHasTab = false

    /// Adds to `mistakes` what makes the bytes no plain text file.
    static func check(_ bytes: [UInt8], into mistakes: MistakeList) {
        var check = TextCheck()
        check.run(bytes, into: mistakes)
    }

    private mutating func run(_ bytes: [UInt8], into mistakes: MistakeList) {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x80 {
                ascii(byte, next: index + 1 < bytes.count ? bytes[index + 1] : 0, into: mistakes)
                index += 1
                continue
            }
            guard let (scalar, length) = decode(bytes, at: index) else {
                mistakes.add(
                    FilePosition(line: line, column: column), "byte 0x\(String(byte, radix: 16)) is not UTF-8",
                    fix: "save the file as UTF-8")
                // What follows may be another encoding altogether: one report is enough.
                return
            }
            if isDangerous(scalar) || scalar.value == 0xFFFE || scalar.value == 0xFFFF {
                refuse(scalar.value, into: mistakes)
            }
            index += length
            column += 1
        }
    }

    private mutating func ascii(_ byte: UInt8, next: UInt8, into mistakes: MistakeList) {
        let isCarriageReturn = byte == UInt8(ascii: "\r")
        if byte == UInt8(ascii: "\n") || (isCarriageReturn && next != UInt8(ascii: "\n")) {
            line += 1
            column = 1
            lineHasTab = false
            return
        }
        if byte == UInt8(ascii: "\t") {
            if !lineHasTab {
                mistakes.add(
                    FilePosition(line: line, column: column), "tab",
                    "which editors show differently and YAML does not allow as indentation", fix: "write spaces")
            }
            lineHasTab = true
        } else if (byte < 0x20 && !isCarriageReturn) || byte == 0x7F {
            refuse(UInt32(byte), into: mistakes)
        }
        column += 1
    }

    private func refuse(_ value: UInt32, into mistakes: MistakeList) {
        let name = value == 0 ? "NUL byte" : "invisible character U+\(hexadecimal(value))"
        mistakes.add(
            FilePosition(line: line, column: column), name, "which does not belong in a text file", fix: "delete it")
    }

    private func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    /// A scalar of two to four bytes (Unicode 15, table 3-7); nil: not well formed.
    private func decode(_ bytes: [UInt8], at index: Int) -> (Unicode.Scalar, Int)? {
        let first = bytes[index]
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, first <= 0xF4, bytes.count - index >= length else { return nil }
        var value = UInt32(first) & (0xFF >> UInt32(length + 1))
        for byte in bytes[(index + 1)..<(index + length)] {
            guard byte & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        let smallest: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
        guard value >= smallest, let scalar = Unicode.Scalar(value) else { return nil }
        return (scalar, length)
    }
}
