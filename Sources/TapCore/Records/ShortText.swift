/// A text of at most 63 bytes of UTF-8, so that it fits in a ring. A longer one is cut between two characters.
public struct ShortText: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// Bytes of UTF-8.
    public static let longest = 63

    public let text: String
    /// There was more of it.
    public let isCut: Bool

    public init(_ text: String) {
        isCut = text.utf8.count > ShortText.longest
        guard isCut else {
            self.text = text
            return
        }
        var bytes = 0
        self.text = String(
            text.prefix { character in
                bytes += character.utf8.count
                return bytes <= ShortText.longest
            })
    }

    /// A text that was cut before.
    public init(_ text: String, isCut: Bool) {
        let short = ShortText(text)
        self.text = short.text
        self.isCut = isCut || short.isCut
    }

    public init(stringLiteral text: String) { self.init(text) }

    public var description: String { text }
}

extension EventCells {
    private static let cut: UInt8 = 0x80

    /// A byte of length, then the text, in whole cells.
    mutating func append(_ short: ShortText) {
        var words = (UInt64(short.text.utf8.count) | (short.isCut ? UInt64(EventCells.cut) : 0), UInt64(0))
        var place = 1
        for byte in short.text.utf8 {
            if place == 16 {
                append(words.0, words.1)
                words = (0, 0)
                place = 0
            }
            if place < 8 {
                words.0 |= UInt64(byte) << UInt64(8 * place)
            } else {
                words.1 |= UInt64(byte) << UInt64(8 * (place - 8))
            }
            place += 1
        }
        append(words.0, words.1)
    }
}

extension ShortText {
    /// - Parameter cells: from the text's first on.
    /// - Returns: the text, and how many cells it takes.
    static func decode(_ cells: Span<Cell>) -> (text: ShortText, cells: Int) {
        func byte(_ index: Int) -> UInt8 {
            let cell = cells[index / 16]
            return UInt8(truncatingIfNeeded: (index % 16 < 8 ? cell.word0 : cell.word1) >> UInt64(8 * (index % 8)))
        }
        let length = Int(byte(0) & 0x7F)
        let text = String(decoding: (0..<length).map { byte($0 + 1) }, as: UTF8.self)
        return (ShortText(text, isCut: byte(0) & 0x80 != 0), 1 + length / 16)
    }
}
