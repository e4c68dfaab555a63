import Testing

@testable import TapView

struct DecimalTextTests {
    @Test func `numbers of one step have as many digits`() {
        #expect(DecimalText.text(1.5, step: 0.025) == "1.50")
        #expect(DecimalText.text(1.434, step: 0.025) == "1.43")
        #expect(DecimalText.text(-0.001, step: 0.01) == "0.00")
        #expect(DecimalText.text(-12.36, step: 0.1, unit: "m3/h") == "-12.4 m3/h")
        #expect(DecimalText.text(99.96, step: 0.1) == "100.0")
        #expect(DecimalText.text(7, step: 1) == "7")
        #expect(DecimalText.text(7, step: 3) == "7")
    }

    @Test func `a number whose step is not known has three digits at most`() {
        #expect(DecimalText.text(2_000, step: 0) == "2000")
        #expect(DecimalText.text(-0.00049, step: 0) == "0")
        #expect(DecimalText.text(1.23456, step: 0) == "1.235")
    }
}
