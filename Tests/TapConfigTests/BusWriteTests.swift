import TapConfig
import Testing

@Suite struct BusWriteTests {
    @Test(arguments: [
        (BusWrite(areCoils: false, from: 14, unit: 1, values: [4_900]), "register 14 of unit 1: 4900"),
        (BusWrite(areCoils: false, from: 11, unit: 247, values: [1, 2]), "registers 11..12 of unit 247: 1 2"),
        (BusWrite(areCoils: true, from: 3, unit: 0, values: [1]), "coil 3 of all units: 1"),
        (BusWrite(areCoils: false, from: 5, unit: 1, values: [7], isRefused: true), "refused: register 5 of unit 1: 7"),
        (
            BusWrite(areCoils: false, from: 11, unit: 1, values: [1, 2], by: "10.0.0.7"),
            "registers 11..12 of unit 1 by 10.0.0.7: 1 2"
        ),
        (BusWrite(areCoils: true, from: 3, unit: 0, values: [1], by: "fd00::7"), "coil 3 of all units by fd00::7: 1"),
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

    @Test func `an address that leaves no room is left out`() {
        let write = BusWrite(
            areCoils: false, from: 11, unit: 1, values: [1, 2], by: "fd00:1111:2222:3333:4444:5555:6666:7777")
        #expect(write.text == "registers 11..12 of unit 1: 1 2")
        let long = BusWrite(
            areCoils: false, from: 65_413, unit: 247, values: Array(repeating: 65_535, count: 2), isRefused: true,
            by: "255.255.255.255")
        #expect(long.text == "refused: registers 65413..65414 of unit 247: 65535 65535")
    }

    @Test(arguments: [
        "register 5 of unit 1 by", "register 5 of unit 1 by x", "register 5 of unit 1 by x 1", "", "nothing",
        "register", "register 5 of unit 300: 1", "register 9..5 of unit 1: 1", "motor 5 of unit 1: 1",
    ])
    func `another text is no write`(_ text: String) { #expect(BusWrite(text) == nil) }
}
