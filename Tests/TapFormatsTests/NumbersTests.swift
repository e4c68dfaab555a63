import TapCore
import TestSupport
import Testing

@testable import TapFormats

@Suite struct NumbersTests {
    private func scaled(_ text: String, _ exponent: Int) -> UInt64? {
        let bytes = Array(text.utf8)
        return Decimal.scaled(bytes, 0..<bytes.count, exponent: exponent)?.value
    }

    @Test func `times in text are exact`() {
        #expect(scaled("1234567.890123456", 9) == 1_234_567_890_123_456)
        #expect(scaled("0.1", 9) == 100_000_000)
        #expect(scaled("18446744073.709551615", 9) == nil)
        #expect(scaled("9999999999.999999999", 9) == 9_999_999_999_999_999_999)
        #expect(scaled("1.5e-3", 9) == 1_500_000)
        #expect(scaled("2E3", 0) == 2_000)
        #expect(scaled("0.0000000005", 9) == 1)
        #expect(scaled("0.00000000049", 9) == 0)
        #expect(scaled("7", -1) == 1)
        #expect(scaled("0.0000000000000000000001", 9) == 0)
        #expect(scaled("0.000000000000000000000000000000000000", 9) == 0)
    }

    @Test(arguments: ["", ".", "-1", "+1", "1.2.3", "1e", "1e99999", "1x", "e5", "99999999999999999999", "1e30", " 1"])
    func `what is no time is none`(text: String) { #expect(scaled(text, 9) == nil) }

    @Test func `whole numbers are read up to their ends`() {
        func unsigned(_ text: String) -> UInt64? { Decimal.unsigned(Array(text.utf8), 0..<text.utf8.count) }
        func signed(_ text: String) -> Int64? { Decimal.signed(Array(text.utf8), 0..<text.utf8.count) }
        #expect(unsigned("18446744073709551615") == .max)
        #expect(unsigned("18446744073709551616") == nil)
        #expect(unsigned("000000000000000000001") == nil)
        #expect(signed("-9223372036854775808") == .min)
        #expect(signed("9223372036854775808") == nil)
        #expect(signed("-9223372036854775809") == nil)
        #expect(signed("-") == nil)
    }

    @Test(arguments: [1, 3, 7, 44_100, 48_000, 12_000_000, 96_000_000, 333_333_333, 1_000_000_000] as [UInt64])
    func `a sample and its time are of each other`(rate: UInt64) {
        let time = SampleTime(rate_hz: rate)
        var dice = Dice(rate)
        for _ in 0..<1_000 {
            let sample = dice.next() >> UInt64(36 + dice.below(28))
            guard let at = time.time(of: sample) else { continue }
            #expect(time.sample(at: at) == sample)
        }
        #expect(time.time(of: 0) == 0)
        #expect(time.time(of: rate) == 1_000_000_000)
        // Halves are rounded up.
        if rate == 3 { #expect(time.time(of: 1) == 333_333_333 && time.time(of: 2) == 666_666_667) }
    }

    @Test func `times past the end of time are none`() {
        #expect(SampleTime(rate_hz: 1).time(of: 18_446_744_073) == 18_446_744_073_000_000_000)
        #expect(SampleTime(rate_hz: 1).time(of: 18_446_744_074) == nil)
        #expect(SampleTime(rate_hz: 3).time(of: .max) == nil)
    }

    @Test(arguments: 1...8) func `the next change is found as if sample by sample`(unit: Int) {
        var dice = Dice(UInt64(unit))
        for _ in 0..<400 {
            let count = 1 + dice.below(300)
            var bytes = [UInt8](repeating: 0, count: count * unit)
            let mask = dice.next()
            for _ in 0..<dice.below(4) { bytes[dice.below(bytes.count)] = UInt8(truncatingIfNeeded: dice.next()) }
            let first = dice.below(count)
            let value = SampleScan.sample(bytes, first, unit: unit) & mask
            let limit = unit == 8 ? UInt64.max : 1 << UInt64(unit * 8) - 1
            let expected =
                (first..<count).first { (SampleScan.sample(bytes, $0, unit: unit) ^ value) & mask & limit != 0 }
                ?? count
            #expect(
                SampleScan.firstChange(from: value, mask: mask & limit, in: bytes, first..<count, unit: unit)
                    == expected)
        }
    }

    @Test func `dates are read as they are written`() {
        var dice = Dice(5)
        for _ in 0..<500 {
            let time = dice.next() >> 1
            #expect(Words.nanoseconds(utc: Words.utc(time)) == time)
        }
        #expect(Words.nanoseconds(utc: "2024-02-29T00:00:00Z") == 1_709_164_800_000_000_000)
        #expect(Words.nanoseconds(utc: "2023-02-29T00:00:00Z") == nil)
        #expect(Words.nanoseconds(utc: "2024-02-29 00:00:00Z") == nil)
    }

    @Test func `rates are read as they are written`() {
        for rate in [1, 500, 1_500, 12_000_000, 1_000_000_000] as [UInt64] {
            #expect(SampleRate.hertz(SampleRate.text(hertz: rate)) == rate)
        }
        #expect(SampleRate.hertz("12.5 kHz") == 12_500)
        #expect(SampleRate.hertz("1.5") == nil)
        #expect(SampleRate.hertz("1 THz") == nil)
        #expect(SampleRate.hertz("0 Hz") == nil)
        // libsigrok takes no case of letters into account; elsewhere m is milli.
        #expect(SampleRate.hertz("2 mHz", isOfSigrok: true) == 2_000_000)
        #expect(SampleRate.hertz("2 mHz") == nil)
    }
}
