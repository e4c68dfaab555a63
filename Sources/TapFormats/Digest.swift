import TapCore

/// A sum that depends on every bit and on the order.
package struct Digest {
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    package init() {}

    @inline(__always)
    package mutating func add(_ word: UInt64) {
        let product = (state ^ word).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        // The high half alone would forget, the low half alone would not mix down.
        state = product.high &+ product.low ^ (word << 32 | word >> 32)
    }

    package mutating func add(_ text: String) {
        var word: UInt64 = 0
        var count = 0
        for byte in text.utf8 {
            word = word << 8 | UInt64(byte)
            count += 1
            if count % 8 == 0 { add(word) }
        }
        add(word)
        add(UInt64(count))
    }

    @inline(__always)
    mutating func add(_ bytes: RawSpan) {
        var offset = 0
        while offset < bytes.byteCount {
            var word: UInt64 = 0
            for index in offset..<min(offset + 8, bytes.byteCount) {
                word |= UInt64(bytes.load(at: index)) << UInt64(8 * (index - offset))
            }
            add(word)
            offset += 8
        }
    }

    package var text: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
