import Testing

@testable import TapConfig

struct SiteQuantityTests {
    private func value(_ text: String) throws -> Double { try Quantity(text).value }

    @Test func `quantities are the nearest numbers of the base`() throws {
        #expect(try value("25 mm") == 0.025)
        #expect(try value("3m3/h") == 3.0 / 3_600)
        #expect(try value("0.1 m3/h") == 1.0 / 36_000)
        #expect(try value("10 l") == 0.01)
        #expect(try value("-2 mbar") == -200)
        #expect(try value("20 degC") == 293.15)
        #expect(try value("3 %") == 0.03)
        #expect(try value("12.6 m2") == 12.6)
        #expect(try value("90 d") == 7_776_000)
        #expect(try value("0.3") == 0.3)
    }

    @Test func `units that are made in two ways are of one dimension`() throws {
        #expect(try Quantity("1 W").dimension == Quantity("1 J/s").dimension)
        #expect(try Quantity("1 Pa").dimension == Quantity("1 N/m2").dimension)
        #expect(try Quantity("1 S").dimension == Quantity("1 A/V").dimension)
        #expect(try Quantity("1 m3/h").dimension.unit == "m3/s")
        #expect(try Quantity("1 V/Ohm").dimension.unit == "A")
    }

    @Test func `what is no quantity is refused`() {
        #expect(throws: Quantity.Problem.notNumber) { try Quantity("deep") }
        #expect(throws: Quantity.Problem.notNumber) { try Quantity(".inf m") }
        #expect(throws: Quantity.Problem.notNumber) { try Quantity("1.2.3 m") }
        #expect(throws: Quantity.Problem.unknownUnit("furlong")) { try Quantity("1 furlong") }
        #expect(throws: Quantity.Problem.unknownUnit("m/s/s")) { try Quantity("1 m/s/s") }
        #expect(throws: Quantity.Problem.tooManyDigits) { try Quantity("1234567890123456 m") }
        #expect(throws: Quantity.Problem.tooManyDigits) { try Quantity("0.000000000000001 um") }
    }
}
