import TapConfig
import Testing

@Suite struct BusWriteTests {
    @Test(arguments: [
        (BusWrite(areCoils: false, from: 14, unit: 1, values: [4_900]), "register 14 of unit 1: 4900"),
        (BusWrite(areCoils: false, from: 11, unit: 247, values: [1, 2]), "registers 11..12 of unit 247: 1 2"),
        (BusWrite(areCoils: true, from: 3, unit: 0, values: [1]), "coil 3 of all units: 1"),
        (BusWrite(areCoils: false, from: 5, unit: 1, values: [7], isRefused: true), "refused: register 5 of unit 1: 7"),
    ])
    func `a write has a text, from which it is read again`(_ write: BusWrite, _ text: String) {
        #expect(write.text == text)
        #expect(BusWrite(text) == write)
    }

    @Test func `values that do not fit a claim are left out, addresses are not`() {
        let write = BusWrite(
            areCoils: false, from: 65_413, unit: 247, values: Array(repeating: 65_535, count: 123), isRefused: true)
        #expect(write.text == "refused: registers 65413..65535 of unit 247: 65535 65535 ...")
        #expect(write.text.utf8.count <= 63)
        #expect(BusWrite(write.text)?.addresses == 65_413...65_535)
    }

    @Test(arguments: [
        "", "nothing", "register", "register 5 of unit 300: 1", "register 9..5 of unit 1: 1", "motor 5 of unit 1: 1",
    ])
    func `another text is no write`(_ text: String) { #expect(BusWrite(text) == nil) }
}
