import TapCore
import TestSupport
import Testing

@Suite struct TimestampTests {
    @Test func `adding stops at both ends of time`() {
        #expect(at(5) + Nanoseconds(3) == at(8))
        #expect(at(5) + Nanoseconds(-3) == at(2))
        #expect(at(5) + Nanoseconds(-5) == .zero)
        #expect(at(5) + Nanoseconds(-6) == .zero)
        #expect(at(5) + Nanoseconds(.min) == .zero)
        #expect(at(.max - 1) + Nanoseconds(1) == .distantFuture)
        #expect(at(.max - 1) + Nanoseconds(2) == .distantFuture)
        #expect(.distantFuture + Nanoseconds(.min) == at(UInt64(Int64.max)))
    }

    @Test func `subtracting stops at both ends of time`() {
        #expect(at(5) - Nanoseconds(3) == at(2))
        #expect(at(5) - Nanoseconds(5) == .zero)
        #expect(at(5) - Nanoseconds(6) == .zero)
        #expect(Timestamp.zero - Nanoseconds(1) == .zero)
        #expect(at(5) - Nanoseconds(-3) == at(8))
        #expect(.distantFuture - Nanoseconds(-1) == .distantFuture)
        #expect(Timestamp.zero - Nanoseconds(.min) == at(1 << 63))
        #expect(at(1 << 63) - Nanoseconds(.min) == .distantFuture)
    }

    @Test func `a difference is signed and stops at the longest span`() {
        #expect(at(8) - at(5) == Nanoseconds(3))
        #expect(at(5) - at(8) == Nanoseconds(-3))
        #expect(at(UInt64(Int64.max)) - .zero == Nanoseconds(.max))
        #expect(.distantFuture - .zero == Nanoseconds(.max))
        #expect(.zero - at(1 << 63) == Nanoseconds(.min))
        #expect(.zero - .distantFuture == Nanoseconds(.min))
        #expect(.distantFuture - at(.max - 7) == Nanoseconds(7))
    }

    @Test func `spans stop at the longest`() {
        #expect(Nanoseconds(.max) + Nanoseconds(1) == Nanoseconds(.max))
        #expect(Nanoseconds(.min) + Nanoseconds(-1) == Nanoseconds(.min))
        #expect(Nanoseconds(.min) - Nanoseconds(1) == Nanoseconds(.min))
        #expect(Nanoseconds(0) - Nanoseconds(.min) == Nanoseconds(.max))
        #expect(Nanoseconds(.max) * 2 == Nanoseconds(.max))
        #expect(Nanoseconds(.max) * -2 == Nanoseconds(.min))
        #expect(Nanoseconds(.min) * -1 == Nanoseconds(.max))
        #expect(Nanoseconds(-7) * 6 == Nanoseconds(-42))
    }

    @Test func `units are those of their names`() {
        #expect(Nanoseconds.microseconds(2) == Nanoseconds(2_000))
        #expect(Nanoseconds.milliseconds(-3) == Nanoseconds(-3_000_000))
        #expect(Nanoseconds.seconds(4) == Nanoseconds(4_000_000_000))
        #expect(Nanoseconds.seconds(.max) == Nanoseconds(.max))
    }

    @Test func `the distant future is after everything`() {
        #expect(at(.max - 1) < .distantFuture)
        #expect(.zero < at(1))
        #expect(Nanoseconds(-1) < .zero)
    }
}

@Suite struct BootIDTests {
    private let text = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"

    @Test func `a boot ID is written as a UUID`() {
        #expect(BootID(high: 0x0F1E_2D3C_4B5A_6978, low: 0x8796_A5B4_C3D2_E1F0).description == text)
        #expect(BootID(high: 0, low: 1).description == "00000000-0000-0000-0000-000000000001")
        #expect(BootID(high: .max, low: .max).description == "ffffffff-ffff-ffff-ffff-ffffffffffff")
    }

    @Test func `a boot ID is read with and without hyphens, and with the line end of proc`() {
        let id = BootID(high: 0x0F1E_2D3C_4B5A_6978, low: 0x8796_A5B4_C3D2_E1F0)
        #expect(BootID(text) == id)
        #expect(BootID(text + "\n") == id)
        #expect(BootID("0F1E2D3C4B5A69788796A5B4C3D2E1F0") == id)
    }

    @Test(arguments: [
        "", "0f1e2d3c", "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f", "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f00",
        "gf1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", "+f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
        "0f1e2d3c-4b5a-6978-+796-a5b4c3d2e1f0", "0f1e2d3c 4b5a 6978 8796 a5b4c3d2e1f0",
        "０f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
    ])
    func `anything else is no boot ID`(text: String) { #expect(BootID(text) == nil) }

    @Test func `every boot ID is read as it is written`() {
        var random = Dice(3)
        for _ in 0..<200 {
            let id = BootID(high: random.word(), low: random.word())
            #expect(BootID(id.description) == id)
        }
    }
}
