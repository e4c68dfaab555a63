/// The checksum of ZIP, of bytes that come in parts: eight at a time.
package struct CRC32: Sendable {
    package init() {}

    private var state: UInt32 = .max

    package var value: UInt32 { ~state }

    mutating func append(_ bytes: RawSpan) {
        let tables = CRC32.tables
        var state = state
        var index = 0
        while index + 8 <= bytes.byteCount {
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
            let low = UInt32(truncatingIfNeeded: word) ^ state
            let high = UInt32(truncatingIfNeeded: word >> 32)
            state =
                tables[0x700 + Int(low & 0xFF)] ^ tables[0x600 + Int(low >> 8 & 0xFF)]
                ^ tables[0x500 + Int(low >> 16 & 0xFF)] ^ tables[0x400 + Int(low >> 24)]
            state ^=
                tables[0x300 + Int(high & 0xFF)] ^ tables[0x200 + Int(high >> 8 & 0xFF)]
                ^ tables[0x100 + Int(high >> 16 & 0xFF)] ^ tables[Int(high >> 24)]
            index += 8
        }
        while index < bytes.byteCount {
            let byte = unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            state = state >> 8 ^ tables[Int(UInt8(truncatingIfNeeded: state) ^ byte)]
            index += 1
        }
        self.state = state
    }

    package mutating func append(_ bytes: [UInt8]) { append(unsafe bytes.span.bytes) }

    package static func of(_ bytes: [UInt8]) -> UInt32 {
        var sum = CRC32()
        sum.append(bytes)
        return sum.value
    }

    /// Of a byte that is followed by 0 to 7 others, 256 of each.
    private static let tables: [UInt32] = {
        var tables = (UInt32(0)..<256).map { byte in
            (0..<8).reduce(byte) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
        for index in 256..<2_048 {
            let last = tables[index - 256]
            tables.append(last >> 8 ^ tables[Int(last & 0xFF)])
        }
        return tables
    }()
}
