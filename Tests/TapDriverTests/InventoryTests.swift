import Glibc
import TapCore
import TestSupport
import Testing

@testable import TapDriver

@Suite
struct InventoryTests {
    static let gpio = GPIOInventory(chips: [
        GPIOChip(
            name: "gpiochip0", label: "pinctrl-x",
            lines: [
                GPIOLine(name: "ID_SDA"), GPIOLine(direction: .output, isUsed: true, user: "led0"),
                GPIOLine(isUsed: true, isActiveLow: true),
            ])
    ])

    static let converters = IIOInventory(
        context: "local:", backend: "local",
        devices: [
            IIOInventory.Device(
                id: "iio:device0", name: "ads1015", trigger: nil,
                channels: [
                    IIOInventory.Channel(
                        id: "voltage0", name: nil, isOutput: false, isScannable: true, format: "le:s12/16>>4",
                        unit: "V",
                        scale: 0.003, offset: nil),
                    IIOInventory.Channel(
                        id: "voltage1", name: nil, isOutput: false, isScannable: false, format: nil, unit: "V",
                        scale: 0.001, offset: -7),
                    IIOInventory.Channel(
                        id: "timestamp", name: nil, isOutput: false, isScannable: true, format: "le:s64/64>>0",
                        unit: "s", scale: 1e-9, offset: nil),
                ])
        ], triggers: [])

    static let board = Board(
        name: "x", provenance: .hardware, chips: [BoardChip(label: "pinctrl-x", lines: 3)],
        lines: [
            BoardLine(name: "Z101", chip: "pinctrl-x", offset: 2, pin: "J8-11"),
            BoardLine(name: "Z102", chip: "pinctrl-x", offset: 0, pin: "J8-27", function: "I2C0 SDA"),
        ],
        adcs: [
            BoardADC(
                name: "press", device: "ads101*", method: .buffered, isFitted: true,
                channels: [
                    BoardChannel(name: "OIL", channel: "voltage0", unit: "V", pin: "A0"),
                    BoardChannel(name: "AIR", channel: "voltage9", unit: "V"),
                ])
        ])

    @Test func `without a board, every line and channel of the kernel stands in columns, time stamps aside`() {
        #expect(
            LineTable(Self.gpio, [Self.converters]).text == """
                line    chip       offset  direction          used by
                ID_SDA  pinctrl-x       0  input              -
                -       pinctrl-x       1  output             led0
                -       pinctrl-x       2  input, active low  (no name)

                channel           device   id        direction  unit  scale  offset  samples
                ads1015.voltage0  ads1015  voltage0  input      V     0.003       -  le:s12/16>>4
                ads1015.voltage1  ads1015  voltage1  input      V     0.001      -7  polled

                """)
    }

    @Test func `a board's names and pins are joined by chip label, offset and device name`() {
        #expect(
            LineTable(Self.board, Self.gpio, [Self.converters]).text == """
                line  pin    chip       offset  direction          used by    function  kernel's name
                Z101  J8-11  pinctrl-x       2  input, active low  (no name)  -         -
                Z102  J8-27  pinctrl-x       0  input              -          I2C0 SDA  ID_SDA

                channel    pin  device   id        direction  unit  scale  samples
                press.OIL  A0   ads1015  voltage0  input      V     0.003  le:s12/16>>4
                press.AIR  -    ads1015  voltage9  missing    V         -  -

                ! press.AIR: ads1015 has no input voltage9

                notes
                - press: channels are sampled in turn, not at the same moment

                """)
    }

    @Test func `what a board's file notes stands under its lines, and where its facts were read`() {
        var board = Self.board
        board.notes = ["Inputs take 3.3 V.\nNo more."]
        board.sources = ["Schematic 4, sheet 2"]
        board.chips[0].isSlow = true
        board.lines[1].note = "terminal X5:4"
        board.adcs[0].isSimultaneous = true
        board.adcs[0].note = "on the bus of the display"
        board.adcs[0].channels[0].note = "0 to 10 bar"
        let table = LineTable(board, Self.gpio, [Self.converters])
        #expect(
            table.text.hasSuffix(
                """

                notes
                - Inputs take 3.3 V. No more.
                - pinctrl-x: behind a slow bus, so edges are stamped late, in a thread
                - Z102: terminal X5:4
                - press: on the bus of the display
                - press.OIL: 0 to 10 bar

                sources
                - Schematic 4, sheet 2

                """))
        // Of what is captured alone.
        #expect(board.notes(lines: [board.lines[0]], adcs: []) == [table.notes[0], table.notes[1]])
    }

    @Test func `a chip that is missing, or may be one that cannot be opened, is said in words`() {
        let missing = LineTable(Self.board, GPIOInventory(), [Self.converters])
        #expect(missing.lines.map(\.direction) == ["missing", "missing"])
        #expect(missing.remarks[0] == "there is no chip pinctrl-x, nor any other")

        var other = Self.gpio
        other.chips[0].label = "pinctrl-y"
        #expect(LineTable(Self.board, other, []).remarks[0] == "there is no chip pinctrl-x; here: pinctrl-y")

        let refused = GPIOInventory(refused: [.init(path: "/dev/gpiochip0", refusal: .denied)])
        let hidden = LineTable(Self.board, refused, [])
        #expect(hidden.lines.map(\.direction) == ["not known", "not known"])
        #expect(
            hidden.remarks == [
                "there is no chip pinctrl-x among those that could be opened",
                "/dev/gpiochip0 cannot be opened: EACCES; 'tap doctor' gives the remedy",
            ])
    }

    @Test func `a chip with another number of lines is another chip: none of its lines is shown for the board's`() {
        var other = Self.gpio
        other.chips[0].lines.removeLast()
        let table = LineTable(Self.board, other, [Self.converters])
        #expect(table.lines.map(\.direction) == ["missing", "missing"])
        #expect(table.remarks[0] == "pinctrl-x has 2 lines, not 3; here: pinctrl-x")
    }

    @Test func `an ADC that is missing is reported if it is fitted; a unit that differs always`() {
        var board = Self.board
        board.adcs[0].channels.removeLast()
        let none = IIOInventory(context: "local:", backend: "local", devices: [], triggers: [])
        #expect(LineTable(board, Self.gpio, [none]).remarks == ["press: there is no device ads101* in local:"])
        board.adcs[0].isFitted = false
        let addOn = LineTable(board, Self.gpio, [none])
        #expect(addOn.remarks == [])
        #expect(addOn.channels.map(\.direction) == ["not fitted"])
        board.adcs[0].channels[0].unit = "A"
        #expect(
            LineTable(board, Self.gpio, [Self.converters]).remarks
                == ["press.OIL: the board says A, the kernel's unit is V"])
        var two = Self.converters
        two.devices.append(two.devices[0])
        #expect(LineTable(board, Self.gpio, [two]).channels.map(\.direction) == ["not known"])
        #expect(
            LineTable(board, Self.gpio, [two]).remarks
                == [
                    "press: 2 devices fit ads101*, so it is ambiguous; name one by its ID: iio:device0, iio:device0"
                ])
    }

    @Test func `one rule finds a device: by ID, else by name, else by label, and what is ambiguous is not guessed`() {
        let devices = [
            DeviceNames(id: "iio:device0", name: "ads1015", label: "adc-a"),
            DeviceNames(id: "iio:device1", name: "ads1015", label: "adc-b"),
            DeviceNames(id: "iio:device2", name: "2190000.adc", label: nil),
            DeviceNames(id: "iio:device3", name: nil, label: "ads1015"),
        ]
        func match(_ wanted: String) -> DeviceMatch { DeviceMatch(wanted, among: devices) }
        #expect(match("iio:device1") == .found(1))
        #expect(match("adc-b") == .found(1))
        #expect(match("*.adc") == .found(2))
        #expect(match("iio:device3") == .found(3))
        #expect(match("adc-*") == .ambiguous(Array(devices[..<2])))
        #expect(match("ads1115") == .missing && match("ads1115").ambiguity("ads1115") == nil)
        let ambiguity = match("ads1015").ambiguity("ads1015")
        #expect(ambiguity?.what == "2 devices fit ads1015, so it is ambiguous")
        #expect(ambiguity?.remedy == "name one by its label: adc-a, adc-b")
    }

    @Test func `simulated signals are listed with what they do, and with their pins where a board says them`() {
        let table = LineTable(
            lines: [("CLOCK", "P1", "square, period 10ms, duty 0.25"), ("STOP", "", "constant, level high")],
            channels: [("sim.AIN0", "V", "sine, amplitude 1, period 20ms")])
        #expect(
            table.text == """
                line   pin  direction  function
                CLOCK  P1   simulated  square, period 10ms, duty 0.25
                STOP   -    simulated  constant, level high

                channel   direction  unit  samples
                sim.AIN0  simulated  V     sine, amplitude 1, period 20ms

                """)
    }

    @Test func `what a program calls itself cannot reach the terminal`() {
        let line = GPIOLine(isUsed: true, user: "a\u{1B}[2Jb\n\u{9B}c")
        let chip = GPIOChip(name: "gpiochip0", label: "x", lines: [line])
        let rows = LineTable(GPIOInventory(chips: [chip]), []).text.split(separator: "\n")
        #expect(rows[1] == "x          0  input      a\\u{1b}[2Jb\\u{a}\\u{9b}c")
    }

    @Test func `a machine without lines and channels says where to ask`() {
        #expect(
            LineTable(GPIOInventory(), []).text
                == "no GPIO line ('tap doctor' gives the reason)\n\nno ADC channel ('tap doctor' gives the reason)\n")
    }

    @Test(arguments: [
        (0.0, "0"), (7.0, "7"), (-33.0, "-33"), (0.0008056640625, "0.000805664"),
        (1.3329999999999998e-06, "1.333e-06"),
        (1_234_567.0, "1234570.0"), (0.1 + 0.2, "0.3"), (.infinity, "inf"),
    ])
    func `scales are shown with six digits`(value: Double, text: String) { #expect(LineTable.number(value) == text) }

    @Test func `one star in a device's name stands for any text, and nothing overlaps`() {
        #expect(namePattern("ads1015", fits: "ads1015"))
        #expect(!namePattern("ads1015", fits: "ads1015x"))
        #expect(namePattern("*.adc", fits: "2190000.adc"))
        #expect(namePattern("a*a", fits: "aa"))
        #expect(!namePattern("a*a", fits: "a"))
    }

    #if Gpiod
        @Test func `a device that has a second name by a link is one chip, and a link to nothing is none`() {
            let folder = ScratchFolder()
            // Character devices that every machine has.
            let links = [
                ("gpiochip0", "/dev/null"), ("gpiochip4", "gpiochip0"), ("gpiochip10", "/dev/zero"),
                ("gpiochip2", "/nowhere"), ("gpiochip11", "/dev/null"),
            ]
            for (name, target) in links { _ = unsafe symlink(target, folder.file(name)) }
            #expect(
                ChipFinder(directory: folder.path).paths() == [folder.file("gpiochip0"), folder.file("gpiochip10")])
        }
    #endif

    @Test func `chips of this machine are listed without a trap, each by its own name`() {
        let names = GPIOInventory.read().chips.map(\.name)
        #expect(Set(names).count == names.count)
    }
}
