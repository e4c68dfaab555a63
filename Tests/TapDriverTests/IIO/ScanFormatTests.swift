import TapCore
import TestSupport
import Testing

@testable import TapDriver

@Suite struct ScanFormatTests {
    /// Bit by bit, from the definition: bit k of a sample is bit k + shift of the word.
    private func reference(_ format: ScanFormat, _ bytes: [UInt8], at offset: Int) -> Int64 {
        var value: Int64 = 0
        for bit in 0..<64 {
            let source = bit < format.bits ? bit : format.isSigned ? format.bits - 1 : nil
            guard let source else { continue }
            let place = source + format.shift
            let byte = format.isBigEndian ? format.bytesPerSample - 1 - place / 8 : place / 8
            if bytes[offset + byte] >> UInt8(place % 8) & 1 == 1 { value |= 1 << Int64(bit) }
        }
        return value
    }

    @Test func `every form decodes as defined`() {
        var dice = Dice(1)
        var forms = 0
        for storage in [8, 16, 32, 64] {
            for bits in 1...storage {
                for shift in 0...(storage - bits) {
                    for (isBig, isSigned) in [(false, false), (false, true), (true, false), (true, true)] {
                        let format = ScanFormat(
                            isBigEndian: isBig, isSigned: isSigned, bits: bits, storageBits: storage, shift: shift)
                        let bytes = (0..<11).map { _ in UInt8.random(in: 0...255, using: &dice) }
                        let offset = Int.random(in: 0...3, using: &dice)
                        let found = bytes.withSpan { format.sample(in: $0, at: offset) }
                        guard found == reference(format, bytes, at: offset) else {
                            Issue.record("\(format): \(found) in \(bytes) at \(offset)")
                            return
                        }
                        forms += 1
                    }
                }
            }
        }
        #expect(forms == 4 * (36 + 136 + 528 + 2080))
    }

    @Test func `repeats lie side by side`() throws {
        let format = try #require(ScanFormat("be:s16/16X3>>0"))
        #expect(format.bytes == 6)
        let bytes: [UInt8] = [0x00, 0x01, 0xFF, 0xFF, 0x80, 0x00]
        let samples = (0..<3).map { index in
            bytes.withSpan { format.sample(in: $0, at: index * format.bytesPerSample) }
        }
        #expect(samples == [1, -1, -32768])
    }

    @Test func `every form is read back as written`() {
        for text in ["le:s12/16>>4", "be:u24/32>>8", "le:s64/64>>0", "le:s32/32X4>>0", "be:u1/8>>7"] {
            #expect(ScanFormat(text)?.description == text)
        }
        for text in ["", "le:s12/16>>5", "xe:s8/8>>0", "le:f32/64>>0", "le:s24/24>>0", "le:s0/8>>0", "le:s8/8X0>>0"] {
            #expect(ScanFormat(text) == nil)
        }
    }
}

@Suite struct ScanLayoutTests {
    private func layout(_ formats: [String], indices: [Int]? = nil) -> ScanLayout {
        ScanLayout(
            formats.enumerated().map { (indices?[$0.offset] ?? $0.offset, ScanFormat($0.element)!) })
    }

    @Test func `samples are naturally aligned`() {
        #expect(layout(["le:u16/16>>0", "le:s64/64>>0"]).offsets == [0, 8])
        #expect(layout(["le:u8/8>>0", "le:u32/32>>0", "le:u8/8>>0", "le:u16/16>>0"]).offsets == [0, 4, 8, 10])
    }

    @Test func `the whole is padded to its largest sample`() {
        #expect(layout(["le:s32/32>>0", "le:u8/8>>0"]).bytesPerScan == 8)
        #expect(layout(["le:u16/16>>0", "le:u16/16>>0", "le:u16/16>>0"]).bytesPerScan == 6)
        #expect(layout(["le:s32/32X4>>0", "le:s64/64>>0"]).bytesPerScan == 32)
        #expect(layout(["le:s16/16X3>>0", "le:s64/64>>0"]).offsets == [0, 8])
    }

    @Test func `the order is that of the index not of the asking`() {
        #expect(layout(["le:u16/16>>0", "le:u32/32>>0"], indices: [5, 2]).offsets == [4, 0])
    }

    @Test func `channels of one index share their bytes`() {
        let shared = layout(["le:u12/16>>0", "le:u4/16>>12", "le:u16/16>>0"], indices: [0, 0, 1])
        #expect(shared.offsets == [0, 0, 2])
        #expect(shared.bytesPerScan == 4)
    }
}
