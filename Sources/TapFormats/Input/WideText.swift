/// UTF-16 that comes in pieces, as UTF-8.
struct WideText: Sendable {
    private let isBigEndian: Bool
    /// Bytes of a character that is not complete yet.
    private var rest: [UInt8] = []
    private var isFirst = true

    init(isBigEndian: Bool) { self.isBigEndian = isBigEndian }

    /// Halves of pairs that stand alone become U+FFFD; a mark of byte order at the beginning is left out.
    mutating func utf8(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var pending = rest + bytes
        var units: [UInt16] = []
        for index in stride(from: 0, to: pending.count - 1, by: 2) {
            let (high, low) = isBigEndian ? (index, index + 1) : (index + 1, index)
            units.append(UInt16(pending[high]) << 8 | UInt16(pending[low]))
        }
        pending.removeFirst(units.count * 2)
        if let last = units.last, UTF16.isLeadSurrogate(last) {
            units.removeLast()
            pending =
                isBigEndian
                ? [UInt8(last >> 8), UInt8(last & 0xFF)] + pending : [UInt8(last & 0xFF), UInt8(last >> 8)] + pending
        }
        rest = pending
        if isFirst, let mark = units.first {
            isFirst = false
            if mark == 0xFEFF { units.removeFirst() }
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }
}
