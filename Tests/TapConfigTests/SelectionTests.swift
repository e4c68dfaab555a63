import TapConfig
import TapCore
import Testing

@Suite struct SelectionTests {
    private static let wired = Board(
        name: "bench", provenance: .hardware,
        lines: ["GPIO1", "GPIO2", "GPIO17", "MOTOR"].enumerated().map {
            BoardLine(name: $0.element, chip: "c", offset: $0.offset)
        },
        adcs: [
            BoardADC(
                name: "adc", device: "d", method: .buffered,
                channels: [
                    BoardChannel(name: "A0", channel: "voltage0", unit: "V"),
                    BoardChannel(name: "A1", channel: "voltage1", unit: "V"),
                ]),
            BoardADC(
                name: "adc2", device: "e", method: .polled,
                channels: [BoardChannel(name: "A0", channel: "voltage0", unit: "V")]),
        ])
    private static let simulated = Scenario(
        name: "sim", lines: ["A", "B"].map { ScenarioLine(name: $0, wave: .constant(isHigh: false)) },
        converters: [("x", ["S", "T"]), ("y", ["S"])].map { name, channels in
            Converter(
                name: name, rate_hz: 1,
                channels: channels.map {
                    ConverterChannel(name: $0, unit: "V", bottom: 0, top: 1, wave: .constant(0))
                })
        })

    @Test func `lines come in the order named`() throws {
        let picked = try Self.wired.selectLines(named: ["MOTOR", "GPIO1"])
        #expect(picked == [Self.wired.lines[3], Self.wired.lines[0]])
        #expect(try Self.wired.selectLines(named: []) == [])
        #expect(try Self.simulated.selecting(lines: ["B", "A"], channels: []).lines.map(\.name) == ["B", "A"])
    }

    @Test func `an unknown line is reported with the nearest`() {
        #expect(
            throws: TapError(
                .notFound, "line 'GPIO18'", "is not on board 'bench'",
                remedy: "nearest names: GPIO1, GPIO17, GPIO2; 'tap lines --board FILE' lists all")
        ) { try Self.wired.selectLines(named: ["GPIO1", "GPIO18"]) }
        #expect(
            throws: TapError(
                .notFound, "line 'motor'", "is not on board 'bench'",
                remedy: "nearest names: MOTOR, GPIO1, GPIO2; 'tap lines --board FILE' lists all")
        ) { try Self.wired.selectLines(named: ["motor"]) }
        #expect(
            throws: TapError(.notFound, "line 'A'", "is not on board 'x'", remedy: "the board has no lines")
        ) { try Board(name: "x", provenance: .hardware).selectLines(named: ["A"]) }
    }

    @Test func `a line named twice is refused`() {
        #expect(throws: TapError(.busy, "line 'GPIO1'", "is named twice", remedy: "name it once")) {
            try Self.wired.selectLines(named: ["GPIO1", "MOTOR", "GPIO1"])
        }
    }

    @Test func `channels come under their ADC in the order named`() throws {
        let picked = try Self.wired.selectChannels(named: ["adc2.A0", "adc.A1", "adc.A0"])
        #expect(picked.map(\.device) == ["e", "d"])
        #expect(picked.map { $0.channels.map(\.name) } == [["A0"], ["A1", "A0"]])
    }

    @Test(arguments: ["adc", "adc.*"])
    func `an ADC alone means all its channels`(address: String) throws {
        let picked = try Self.wired.selectChannels(named: [address])
        #expect(picked.map(\.name) == ["adc"])
        #expect(picked[0].channels.map(\.name) == ["A0", "A1"])
    }

    @Test func `a converter alone means all its channels`() throws {
        let picked = try Self.simulated.selecting(lines: [], channels: ["y.S", "x"])
        #expect(picked.lines.isEmpty)
        #expect(picked.converters.map(\.name) == ["y", "x"])
        #expect(picked.converters.map { $0.channels.map(\.name) } == [["S"], ["S", "T"]])
    }

    @Test func `a simulated board answers as a board`() {
        let board = Board(name: "sim", provenance: .simulated)
        #expect(
            throws: TapError(
                .notFound, "line 'C'", "is not on board 'sim'",
                remedy: "nearest names: A, B; 'tap lines --board FILE' lists all")
        ) { try Self.simulated.selecting(lines: ["C"], channels: [], of: board) }
        #expect(
            throws: TapError(
                .notFound, "line 'C'", "is not on scenario 'sim'",
                remedy: "nearest names: A, B; 'tap lines --sim FILE' lists all")
        ) { try Self.simulated.selecting(lines: ["C"], channels: []) }
    }

    @Test func `a channel named twice is refused`() {
        #expect(throws: TapError(.busy, "channel 'adc.A1'", "is named twice", remedy: "name it once")) {
            try Self.wired.selectChannels(named: ["adc.A1", "adc"])
        }
    }

    @Test(arguments: ["adc.A2", "ad", "adc.A0.x", "", "*", ".*"])
    func `an unknown channel is reported with the nearest`(address: String) {
        #expect {
            try Self.wired.selectChannels(named: [address])
        } throws: { error in
            guard let error = error as? TapError else { return false }
            return error.kind == .notFound && error.subject == "channel '\(address)'"
                && error.remedy == "nearest names: adc.A0, adc.A1, adc2.A0; 'tap lines --board FILE' lists all"
        }
    }
}
