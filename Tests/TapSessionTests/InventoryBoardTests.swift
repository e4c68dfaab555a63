import TapConfig
import TapCore
import TapSession
import Testing

@testable import TapDriver

@Suite struct InventoryBoardTests {
    private static func chip(
        _ number: Int, _ label: String, _ lines: [GPIOLine], _ provenance: Provenance = .hardware, isSlow: Bool = false
    ) -> GPIOChip {
        GPIOChip(name: "gpiochip\(number)", label: label, lines: lines, provenance: provenance, isSlow: isSlow)
    }

    private static let gpio = GPIOInventory(chips: [
        chip(
            0, "pinctrl-x",
            [
                GPIOLine(name: "ID_SDA"), GPIOLine(direction: .output, isUsed: true, user: "led \"0\""),
                GPIOLine(name: "NC"), GPIOLine(name: "NC"), GPIOLine(name: "two words"),
            ]),
        chip(1, "pcf 8574", [GPIOLine(name: "P0")], isSlow: true),
        chip(2, "gpio-sim.0", [GPIOLine(name: "SIM0")], .emulatedKernel),
        chip(3, "twin", [GPIOLine()]), chip(4, "twin", [GPIOLine()]),
    ])

    private static func channel(_ id: String, isScannable: Bool = true, isOutput: Bool = false, unit: String = "V")
        -> IIOInventory.Channel
    {
        IIOInventory.Channel(
            id: id, name: nil, isOutput: isOutput, isScannable: isScannable, format: nil, unit: unit, scale: 1,
            offset: nil)
    }

    private static let context = IIOInventory(
        context: "local:", backend: "local",
        devices: [
            IIOInventory.Device(
                id: "iio:device0", name: "ads1015", trigger: nil,
                channels: [channel("voltage0"), channel("voltage1", isOutput: true), channel("timestamp")]),
            IIOInventory.Device(
                id: "iio:device1", name: "ads1015", trigger: "t0",
                channels: [
                    channel("voltage0", unit: "lightyears"), channel("temp", isScannable: false), channel("timestamp"),
                ]),
            IIOInventory.Device(id: "hwmon0", name: "cpu", trigger: nil, channels: [channel("temp1")]),
        ], triggers: ["t0"])

    @Test func `every line has a name that a board file can have`() {
        let made = InventoryBoard(named: "gate", Self.gpio)
        #expect(
            made.board.lines.map(\.name) == [
                "ID_SDA", "pinctrl-x:1", "pinctrl-x:2", "pinctrl-x:3", "pinctrl-x:4", "P0",
            ])
        #expect(made.board.lines.map(\.offset) == [0, 1, 2, 3, 4, 0])
        #expect(
            made.board.lines[1].note
                == "an output when this file was written: tap refuses outputs; in use when this file was written, by led \"0\""
        )
        #expect(
            made.board.chips == [
                BoardChip(label: "pinctrl-x", lines: 5), BoardChip(label: "pcf 8574", lines: 1, isSlow: true),
            ])
        #expect(made.board.provenance == .hardware)
        #expect(
            made.remarks == [
                "gpiochip2 [gpio-sim.0] is left out: it is emulated-kernel, and a board's signals have one provenance",
                "gpiochip3 [twin] is left out: another chip has its label, so it is ambiguous",
                "gpiochip4 [twin] is left out: another chip has its label, so it is ambiguous",
            ])
    }

    @Test func `where all is computed by the kernel the board says so`() {
        let only = GPIOInventory(chips: [Self.chip(2, "gpio-sim.0", [GPIOLine(name: "SIM0")], .emulatedKernel)])
        let made = InventoryBoard(named: "gate", only)
        #expect(made.board.provenance == .emulatedKernel && made.remarks == [])
        #expect(made.board.lines.map(\.name) == ["SIM0"])
    }

    @Test func `every input of an a dCIs a channel`() {
        let adcs = InventoryBoard(named: "gate", GPIOInventory(), [Self.context]).board.adcs
        #expect(adcs.map(\.name) == ["ads1015", "ads1015_2"])
        // Two of one name are distinguished by their IDs.
        #expect(adcs.map(\.device) == ["iio:device0", "iio:device1"])
        #expect(adcs.map(\.method) == [.polled, .buffered])
        #expect(adcs.map(\.isTimestamped) == [false, true])
        #expect(adcs.map { $0.channels.map(\.channel) } == [["voltage0"], ["voltage0"]])
        #expect(adcs.map { $0.channels.map(\.unit) } == [["V"], ["raw"]])
    }

    @Test func `its text is read as the same board`() throws {
        var board = InventoryBoard(named: "gate", Self.gpio, [Self.context]).board
        board.title = "Gate: \"north\" # 1"
        board.compatible = ["maker,model"]
        board.sources = ["the kernel"]
        board.notes = ["yes", "a\\b"]
        #expect(try BoardFile.parse(BoardFile.text(of: board), file: "gate.yaml") == board)
    }

    @Test(arguments: [
        ("gate.yaml", "gate"), ("/a/b/My Gate_2.YAML", "my-gate-2"), ("-", "board"), ("x--y", "x-y"),
        ("ä.yaml", "board"),
    ]) func `a file gives its board's name`(_ file: String, _ name: String) {
        #expect(InventoryBoard.name(of: file) == name)
    }

    @Test(arguments: ["gpiochip1", "/dev/gpiochip1", "1", "pcf 8574"])
    func `a chip is found by whatever it is called`(_ name: String) throws {
        #expect(try Self.gpio.chip(named: name).label == "pcf 8574")
    }

    @Test func `what is no chip is refused with those that are`() {
        #expect(
            throws: TapError(
                .notFound, "chip 'gpiochip9'", "is not on this machine",
                remedy:
                    "it has gpiochip0 [pinctrl-x], gpiochip1 [pcf 8574], gpiochip2 [gpio-sim.0], gpiochip3 [twin], gpiochip4 [twin]"
            )
        ) { try Self.gpio.chip(named: "gpiochip9") }
        #expect(throws: TapError.self) { try Self.gpio.chip(named: "twin") }
    }

    @Test func `lines of a chip are called by offset or name`() throws {
        let made = try ChipLines(Self.gpio.chips[0], named: ["3", "ID_SDA", "pinctrl-x:1"])
        #expect(made.names == ["pinctrl-x:3", "ID_SDA", "pinctrl-x:1"])
        #expect(made.board.name == "pinctrl-x" && made.board.provenance == .hardware)
        #expect(try made.board.selectLines(named: made.names).map(\.offset) == [3, 0, 1])
        #expect(
            throws: TapError(
                .notFound, "line '5'", "is not on gpiochip0 [pinctrl-x]", remedy: "it has the offsets 0 to 4")
        ) { try ChipLines(Self.gpio.chips[0], named: ["5"]) }
    }
}
