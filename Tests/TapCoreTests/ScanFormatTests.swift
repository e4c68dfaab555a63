import TapCore
import Testing

@Suite struct ScanFormatTests {
    @Test func `a float is a number of its bits`() {
        let format = ScanFormat.float(bits: 32)
        #expect(ScanFormat("le:f32/32>>0") == format)
        #expect(ScanFormat("be:f64/64>>0") == .float(bits: 64, isBigEndian: true))
        var bytes = [UInt8](repeating: 0, count: 6)
        format.store(Int64(Float(-1.5).bitPattern), in: &bytes, at: 2)
        #expect(bytes == [0, 0, 0, 0, 0xC0, 0xBF])
        #expect(unsafe bytes.withUnsafeBytes { unsafe format.number(in: $0.bytes, at: 2) } == -1.5)
    }

    @Test func `the kernel's form is read`() {
        #expect(
            ScanFormat("be:s12/16X3>>4")
                == ScanFormat(isBigEndian: true, isSigned: true, bits: 12, storageBits: 16, shift: 4, repeats: 3))
        #expect(
            ScanFormat("le:u10/16>>0") == ScanFormat(isBigEndian: false, isSigned: false, bits: 10, storageBits: 16))
        #expect(ScanFormat("le:s64/64") == ScanFormat(isBigEndian: false, isSigned: true, bits: 64, storageBits: 64))
        // libiio's capitals: "fully defined".
        #expect(
            ScanFormat("le:S24/32>>8")
                == ScanFormat(isBigEndian: false, isSigned: true, bits: 24, storageBits: 32, shift: 8))
        #expect(ScanFormat("be:U8/8>>0") == ScanFormat(isBigEndian: true, isSigned: false, bits: 8, storageBits: 8))
    }

    @Test(arguments: [
        "", "le", "le:", "le:s", "le:s12", "le:s12/", "le:s/16>>0", "le:s12/16>>", "le:s12/16X>>0", "le:s12/16X0>>0",
        "le:s12/16X256>>0", "le:s12/16X9223372036854775807>>0", "me:s12/16>>4", "le:f16/16>>0", "le:f32/64>>0",
        "LE:s12/16>>4",
        "le:s0/16>>0", "le:s17/16>>0", "le:s12/16>>5", "le:s12/12>>0", "le:s12/24>>0", "le:s12/128>>0",
        "le:s12/16>>4 ", " le:s12/16>>4", "le:s-1/16>>4", "le:s12/16>>-1", "le:s+12/16>>4",
        "le:s99999999999999999999/16>>0", "le:s12/16>>9223372036854775807", "le:s１２/16>>4",
    ])
    func `what is not the kernel's form is none`(text: String) { #expect(ScanFormat(text) == nil) }

    @Test func `every format is read as it is written`() {
        for storage in [8, 16, 32, 64] {
            for bits in 1...storage {
                for shift in [0, (storage - bits) / 2, storage - bits] {
                    for repeats in [1, 2, 255] {
                        let format = ScanFormat(
                            isBigEndian: bits % 2 == 0, isSigned: shift % 2 == 0, bits: bits, storageBits: storage,
                            shift: shift, repeats: repeats)
                        #expect(ScanFormat(format.description) == format)
                    }
                }
            }
        }
    }

    @Test func `a format is written as the kernel writes it`() {
        #expect(ScanFormat("le:s12/16>>4")?.description == "le:s12/16>>4")
        #expect(ScanFormat("be:U24/32X3")?.description == "be:u24/32X3>>0")
    }

    @Test(
        arguments: [
            ("le:u8/8>>0", [0x80], 128), ("le:s8/8>>0", [0x80], -128),
            ("le:u16/16>>0", [0x34, 0x12], 0x1234), ("be:u16/16>>0", [0x12, 0x34], 0x1234),
            ("be:s12/16>>4", [0xFF, 0xFF], -1), ("be:s12/16>>4", [0x7F, 0xF5], 2047),
            ("be:u12/16>>4", [0xFF, 0xFF], 4095), ("le:s24/32>>8", [0xAA, 0x00, 0x00, 0x80], -8_388_608),
            ("le:u1/8>>7", [0x80], 1), ("le:s1/8>>7", [0x80], -1),
            ("be:s64/64>>0", [0x80, 0, 0, 0, 0, 0, 0, 0], Int64.min),
            ("le:u64/64>>0", [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], -1),
        ] as [(String, [UInt8], Int64)])
    func `samples are shifted, masked and sign-extended`(text: String, bytes: [UInt8], value: Int64) throws {
        let format = try #require(ScanFormat(text))
        let alone = unsafe bytes.withUnsafeBytes { unsafe format.sample(in: $0.bytes, at: 0) }
        #expect(alone == value)
        let padded = [0x55, 0x55, 0x55] + bytes
        let within = unsafe padded.withUnsafeBytes { unsafe format.sample(in: $0.bytes, at: 3) }
        #expect(within == value)
    }

    @Test func `repeats lie side by side`() throws {
        let format = try #require(ScanFormat("le:s16/16X3>>0"))
        #expect(format.bytesPerSample == 2)
        #expect(format.bytes == 6)
    }
}
