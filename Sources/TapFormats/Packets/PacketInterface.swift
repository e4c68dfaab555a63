import TapDecode

/// What a file of packets says of an interface.
struct PacketInterface: Sendable {
    var link: LinkType?
    /// Of the stamps.
    var perSecond: UInt64 = 1_000_000
    /// Added to the stamps.
    var offset_s: Int64 = 0
    var dropped: UInt64?

    init(link: LinkType?, perSecond: UInt64) { (self.link, self.perSecond) = (link, perSecond) }

    /// Of an interface description block of pcapng.
    init(_ bytes: [UInt8], _ block: Range<Int>, big isBig: Bool) {
        guard block.count >= 8 else { return }
        link = LinkType(rawValue: PacketInterface.half(bytes, block.lowerBound, big: isBig))
        var (perSecond, offset) = (self.perSecond, offset_s)
        PacketInterface.options(bytes, block.lowerBound + 8..<block.upperBound, big: isBig) { code, value in
            // if_tsresol: a power of ten, or of two where the high bit is set. if_tsoffset: seconds.
            if code == 9, let power = value.first.map({ bytes[$0] }) {
                perSecond = PacketInterface.unit(power) ?? perSecond
            }
            if code == 14, value.count == 8 {
                let first = UInt64(PacketFile.word(bytes, value.lowerBound, big: isBig))
                let second = UInt64(PacketFile.word(bytes, value.lowerBound + 4, big: isBig))
                offset = Int64(bitPattern: isBig ? first << 32 | second : second << 32 | first)
            }
        }
        (self.perSecond, offset_s) = (perSecond, offset)
    }

    /// Nanoseconds since 1970; a stamp that no clock gives wraps.
    func nanoseconds(_ stamp: UInt64) -> UInt64 {
        let (seconds, rest) = stamp.quotientAndRemainder(dividingBy: perSecond)
        let (high, low) = rest.multipliedFullWidth(by: 1_000_000_000)
        let share = perSecond.dividingFullWidth((high, low)).quotient
        return (seconds &+ UInt64(bitPattern: offset_s)) &* 1_000_000_000 &+ share
    }

    private static func unit(_ power: UInt8) -> UInt64? {
        if power & 0x80 != 0 { return power & 0x7F < 64 ? 1 << UInt64(power & 0x7F) : nil }
        return power <= 19 ? (0..<power).reduce(1) { unit, _ in unit * 10 } : nil
    }

    /// Each option of a block, until one does not fit.
    static func options(_ bytes: [UInt8], _ range: Range<Int>, big isBig: Bool, _ body: (UInt16, Range<Int>) -> Void) {
        var at = range.lowerBound
        while range.upperBound - at >= 4 {
            let (code, length) = (half(bytes, at, big: isBig), Int(half(bytes, at + 2, big: isBig)))
            guard code != 0, at + 4 + length <= range.upperBound else { return }
            body(code, at + 4..<at + 4 + length)
            at += 4 + (length + 3) / 4 * 4
        }
    }

    static func half(_ bytes: [UInt8], _ offset: Int, big isBig: Bool) -> UInt16 {
        let (a, b) = (UInt16(bytes[offset]), UInt16(bytes[offset + 1]))
        return isBig ? a << 8 | b : b << 8 | a
    }
}
