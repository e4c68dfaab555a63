/// Reads values of ASN.1 one after the other, as DER writes them: definite lengths, tags of one byte.
struct DERReader {
    private let bytes: [UInt8]
    private var place: Int
    private let end: Int

    enum Tag {
        static let integer: UInt8 = 0x02
        static let octets: UInt8 = 0x04
        static let object: UInt8 = 0x06
        static let time: UInt8 = 0x18
        static let sequence: UInt8 = 0x30
        /// `[0]` to `[30]`, of one value or of several.
        static func context(_ number: UInt8, isConstructed: Bool) -> UInt8 {
            0x80 | number | (isConstructed ? 0x20 : 0)
        }
    }

    init(_ bytes: [UInt8]) { (self.bytes, place, end) = (bytes, 0, bytes.count) }

    private init(_ bytes: [UInt8], _ range: Range<Int>) {
        (self.bytes, place, end) = (bytes, range.lowerBound, range.upperBound)
    }

    var isAtEnd: Bool { place == end }
    /// Of the next value; nil: there is none.
    var nextTag: UInt8? { place < end ? bytes[place] : nil }

    /// Where the next value's content is; nil: nothing that is whole is there.
    private mutating func range() -> (tag: UInt8, whole: Range<Int>, content: Range<Int>)? {
        guard end - place >= 2, bytes[place] & 0x1f != 0x1f else { return nil }
        let (first, tag) = (place, bytes[place])
        var (length, behind) = (Int(bytes[place + 1]), place + 2)
        if length >= 0x80 {
            let count = length & 0x7f
            guard (1...4).contains(count), end - behind >= count, bytes[behind] != 0 else { return nil }
            length = bytes[behind..<behind + count].reduce(0) { $0 << 8 | Int($1) }
            guard length >= 0x80 else { return nil }
            behind += count
        }
        guard length <= end - behind else { return nil }
        place = behind + length
        return (tag, first..<place, behind..<place)
    }

    /// The next value, which must have this tag.
    mutating func value(_ tag: UInt8) -> [UInt8]? {
        guard nextTag == tag, let found = range() else { return nil }
        return Array(bytes[found.content])
    }

    /// The values in the next one, which must have this tag.
    mutating func values(_ tag: UInt8) -> DERReader? {
        guard nextTag == tag, let found = range() else { return nil }
        return DERReader(bytes, found.content)
    }

    /// The next value as it stands, tag and length with it.
    mutating func whole() -> [UInt8]? { range().map { Array(bytes[$0.whole]) } }

    /// An integer from 0 on, as its shortest big-endian bytes.
    mutating func number(_ tag: UInt8 = Tag.integer) -> [UInt8]? {
        guard let value = value(tag), let first = value.first, first < 0x80 else { return nil }
        if value.count > 1, first == 0 { return value[1] >= 0x80 ? Array(value.dropFirst()) : nil }
        return value
    }

    mutating func small(_ tag: UInt8 = Tag.integer) -> UInt64? {
        number(tag).flatMap { $0.count <= 8 ? $0.reduce(0) { $0 << 8 | UInt64($1) } : nil }
    }

    /// Passes over the next value where it has this tag.
    mutating func skip(_ tag: UInt8) -> Bool { nextTag != tag || range() != nil }

    /// A value as DER writes it.
    static func write(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let length = content.count
        let size: [UInt8] =
            length < 0x80
            ? [UInt8(length)]
            : length < 0x100 ? [0x81, UInt8(length)] : [0x82, UInt8(length >> 8), UInt8(length & 0xff)]
        return [tag] + size + content
    }
}
