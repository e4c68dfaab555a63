import CLinux

/// How the bytes of a foreign file's text stand for characters: any encoding that iconv(3) of this machine knows.
public struct TextEncoding: Sendable, Hashable {
    /// As iconv(3) knows it.
    let name: String

    /// nil: this machine does not know it.
    public init?(_ name: String) {
        self.name = name
        guard !name.isEmpty, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), text([0x41, 0, 0x41, 0]) != nil else {
            return nil
        }
    }

    /// Of two bytes for each character of ASCII, so that not even ends of lines can be seen in the bytes.
    var isWide: Bool { name.uppercased().hasPrefix("UTF-16") || name.uppercased().hasPrefix("UTF16") }
    var isBigEndian: Bool { name.uppercased().hasSuffix("BE") }

    /// nil: these bytes are no text of this encoding.
    func text(_ bytes: [UInt8]) -> String? {
        var utf8 = [UInt8](repeating: 0, count: bytes.count * 4 + 16)
        // Both arrays are lent for the call, with their lengths.
        let length = unsafe utf8.withUnsafeMutableBufferPointer { to in
            unsafe bytes.withUnsafeBufferPointer { from in
                unsafe tap_recode(name, from.baseAddress, from.count, to.baseAddress, to.count)
            }
        }
        return length < 0 ? nil : String(decoding: utf8[..<length], as: UTF8.self)
    }

    /// Text of a file that does not say how it is encoded: UTF-8, or else Windows-1252, in which no two bytes are one
    /// character, so that different names stay different.
    static func guessed(_ bytes: some Collection<UInt8>) -> (text: String, isUTF8: Bool) {
        if let text = String(validating: bytes, as: UTF8.self) { return (text, true) }
        var text = ""
        for byte in bytes {
            let scalar = (0x80...0x9F).contains(byte) ? windows[Int(byte) - 0x80] : Unicode.Scalar(byte)
            text.unicodeScalars.append(scalar)
        }
        return (text, false)
    }

    /// 0x80 to 0x9F; five are not assigned and stay control characters.
    private static let windows = Array(
        "\u{20AC}\u{81}\u{201A}\u{192}\u{201E}\u{2026}\u{2020}\u{2021}\u{2C6}\u{2030}\u{160}\u{2039}\u{152}\u{8D}\u{17D}\u{8F}\u{90}\u{2018}\u{2019}\u{201C}\u{201D}\u{2022}\u{2013}\u{2014}\u{2DC}\u{2122}\u{161}\u{203A}\u{153}\u{9D}\u{17E}\u{178}"
            .unicodeScalars)
}
