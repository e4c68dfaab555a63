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
    private static let simulated = Board(
        name: "sim", provenance: .simulated,
        simulated: SimulatedWires(
            lines: [SimulatedLine(name: "A", wave: .constant), SimulatedLine(name: "B", wave: .constant)],
            channels: ["x.S", "x.T", "y.S"].map {
                SimulatedChannel(
                    name: $0, wave: .constant, rate_hz: 1, unit: "V", offset: 0, amplitude: 0, period: .seconds(1),
                    bits: 12)
            }))

    @Test func linesComeInTheOrderNamed() throws {
        let picked = try Self.wired.selectLines(named: ["MOTOR", "GPIO1"])
        #expect(picked == .wired([Self.wired.lines[3], Self.wired.lines[0]]))
        #expect(picked.names == ["MOTOR", "GPIO1"])
        #expect(try Self.wired.selectLines(named: []) == .wired([]))
        #expect(try Self.simulated.selectLines(named: ["B", "A"]).names == ["B", "A"])
    }

    @Test func anUnknownLineIsToldWithTheNearest() {
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

    @Test func aLineNamedTwiceIsRefused() {
        #expect(throws: TapError(.busy, "line 'GPIO1'", "is named twice", remedy: "name it once")) {
            try Self.wired.selectLines(named: ["GPIO1", "MOTOR", "GPIO1"])
        }
    }

    @Test func channelsComeUnderTheirADCInTheOrderNamed() throws {
        let picked = try Self.wired.selectChannels(named: ["adc2.A0", "adc.A1", "adc.A0"])
        #expect(picked.addresses == ["adc2.A0", "adc.A1", "adc.A0"])
        guard case .wired(let adcs) = picked else {
            Issue.record("not wired")
            return
        }
        #expect(adcs.map(\.device) == ["e", "d"])
    }

    @Test(arguments: ["adc", "adc.*"])
    func anADCAloneMeansAllItsChannels(address: String) throws {
        #expect(try Self.wired.selectChannels(named: [address]).addresses == ["adc.A0", "adc.A1"])
    }

    @Test func aSimulatedADCAloneMeansAllItsChannels() throws {
        #expect(try Self.simulated.selectChannels(named: ["y.S", "x"]).addresses == ["y.S", "x.S", "x.T"])
    }

    @Test func aChannelNamedTwiceIsRefused() {
        #expect(throws: TapError(.busy, "channel 'adc.A1'", "is named twice", remedy: "name it once")) {
            try Self.wired.selectChannels(named: ["adc.A1", "adc"])
        }
    }

    @Test(arguments: ["adc.A2", "ad", "adc.A0.x", "", "*", ".*"])
    func anUnknownChannelIsToldWithTheNearest(address: String) {
        #expect {
            try Self.wired.selectChannels(named: [address])
        } throws: { error in
            guard let error = error as? TapError else { return false }
            return error.kind == .notFound && error.subject == "channel '\(address)'"
                && error.remedy == "nearest names: adc.A0, adc.A1, adc2.A0; 'tap lines --board FILE' lists all"
        }
    }
}
