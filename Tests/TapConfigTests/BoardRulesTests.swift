import TapConfig
import TapCore
import Testing

@Suite struct BoardRulesTests {
    @Test func `a board is read whole`() throws {
        let text = """
            tap-board: 1
            name: bench
            title: Bench
            provenance: hardware
            machine: {compatible: ["maker,model", "maker,model-2"]}
            sources: ["kernel source"]
            notes: ["3.3 V"]
            chips: [{label: soc, lines: 58}, {label: 1-0020, lines: 16, slow: true}]
            lines:
              - name: Z101_OPEN
                chip: soc
                offset: 17
                pin: J8-11
                function: "UART TXD"
                bias: pull-up
                active-low: true
                edges: rising
                debounce: 5ms
                note: >
                  two
                  lines
              - {name: GPIO0, chip: 1-0020, offset: 0}
            adcs:
              - name: adc
                device: TI-am335x-adc.*.auto
                driver: ti_am335x_adc
                context: ip:192.0.2.7
                how: buffered
                timestamped: true
                simultaneous: true
                one-channel-per-buffer: true
                max-rate: 1e3
                rate: 0.5
                trigger: tap-trigger
                fitted: true
                channels: [{name: A0, channel: voltage0, unit: V, pin: X1, note: "n"}]
                note: n
            """
        let board = try BoardFile.parse(text, file: "b.yaml")
        let options = LineOptions(bias: .pullUp, isActiveLow: true, edges: .rising, debounce: .milliseconds(5))
        let expected = Board(
            name: "bench", title: "Bench", provenance: .hardware, compatible: ["maker,model", "maker,model-2"],
            sources: ["kernel source"], notes: ["3.3 V"],
            chips: [BoardChip(label: "soc", lines: 58), BoardChip(label: "1-0020", lines: 16, isSlow: true)],
            lines: [
                BoardLine(
                    name: "Z101_OPEN", chip: "soc", offset: 17, pin: "J8-11", function: "UART TXD", options: options,
                    note: "two lines\n"),
                BoardLine(name: "GPIO0", chip: "1-0020", offset: 0),
            ],
            adcs: [
                BoardADC(
                    name: "adc", device: "TI-am335x-adc.*.auto", driver: "ti_am335x_adc", context: "ip:192.0.2.7",
                    method: .buffered, isTimestamped: true, isSimultaneous: true, isOneChannelPerBuffer: true,
                    maximumRate_hz: 1000, rate_hz: 0.5, trigger: "tap-trigger", isFitted: true,
                    channels: [BoardChannel(name: "A0", channel: "voltage0", unit: "V", pin: "X1", note: "n")],
                    note: "n")
            ])
        #expect(board == expected)
    }

    @Test func `another version is not read further`() {
        #expect(
            mistakes(in: "name: x\ntap-board: 2\nnew-key: 1\n") == [
                "b.yaml:2:12: tap-board 2 is an unknown version of the format: "
                    + "write 1, or use a newer tap"
            ])
    }

    @Test func `missing keys are reported with what to add`() {
        #expect(
            mistakes(in: "tap-board: 1\nprovenance: hardware\nlines:\n  - {pin: a}\nadcs: [{}]\n") == [
                "b.yaml:1:1: key 'name' is missing in a board: add 'name: press-line-3'",
                "b.yaml:1:1: key 'sources' is missing in a board: add 'sources: [\"where each fact was read\"]'",
                "b.yaml:1:1: key 'title' is missing in a board: add 'title: Press line 3'",
                "b.yaml:4:5: key 'chip' is missing in a line: add 'chip: pinctrl-bcm2711'",
                "b.yaml:4:5: key 'name' is missing in a line: add 'name: GPIO17'",
                "b.yaml:4:5: key 'offset' is missing in a line: add 'offset: 17'",
                "b.yaml:5:8: key 'channels' is missing in an ADC: add 'channels: [{name: AIN0, channel: voltage0, "
                    + "unit: V}]'",
                "b.yaml:5:8: key 'device' is missing in an ADC: add 'device: ads1015'",
                "b.yaml:5:8: key 'how' is missing in an ADC: add 'how: buffered'",
                "b.yaml:5:8: key 'name' is missing in an ADC: add 'name: ads1115'",
            ])
    }

    @Test func `a misspelt key is reported once, with the right one`() {
        #expect(
            mistakes(inLine: "name: A, chip: sim, ofset: 1, active_low: true") == [
                "b.yaml:7:26: unknown key 'ofset' in a line: did you mean 'offset'?",
                "b.yaml:7:36: unknown key 'active_low' in a line: did you mean 'active-low'?",
            ])
    }

    @Test func `an offset is on its chip`() {
        #expect(
            mistakes(inLine: "name: A, chip: sim, offset: 8") == [
                "b.yaml:7:34: offset 8 is past the end of chip 'sim', which has 8 lines: write 0 to 7"
            ])
        #expect(mistakes(inLine: "name: A, chip: sim, offset: 7") == [])
    }

    @Test func `a chip is declared`() {
        #expect(
            mistakes(inLine: "name: A, chip: sin, offset: 80") == [
                "b.yaml:7:21: chip 'sin' is not declared under chips: write sim, or declare it"
            ])
        #expect(
            mistakes(in: Minimal.emulated + "lines: [{name: A, chip: sim, offset: 0}]\n") == [
                "b.yaml:5:25: chip 'sim' is not declared under chips: "
                    + "add 'chips: [{label: sim, lines: 32}]' with the chip's number of lines"
            ])
    }

    @Test func `a chip with a mistake causes no mistakes at its lines`() {
        #expect(
            mistakes(
                in: Minimal.emulated
                    + "chips: [{label: 5, lines: 8}, {label: b, lines: x}]\nlines: [{name: A, chip: \"5\", offset: 9}, "
                    + "{name: B, chip: b, offset: 9}]\n") == [
                    "b.yaml:5:17: label is the number 5, where text is expected: write \"5\"",
                    "b.yaml:5:49: lines is 'x', where a whole number is expected: write for example 58",
                ])
    }

    @Test func `names and wires are used once`() {
        let text = """
            chips: [{label: a, lines: 8}, {label: a, lines: 9}]
            lines:
              - {name: A, chip: a, offset: 1}
              - {name: A, chip: a, offset: 2}
              - {name: B, chip: a, offset: 1}
            adcs:
              - {name: x, device: dd, how: polled, channels: [{name: C, channel: v0, unit: V}]}
              - {name: x, device: dd, how: polled, channels: [{name: C, channel: v1, unit: V}]}
              - name: y
                device: dd
                how: polled
                channels:
                  - {name: C, channel: v1, unit: V}
                  - {name: D, channel: v1, unit: V}
            """
        #expect(
            mistakes(in: Minimal.emulated + text) == [
                "b.yaml:5:39: chip label 'a' is used twice, first at 5:17: delete one of the two",
                "b.yaml:8:12: line name 'A' is used twice, first at 7:12: write another name",
                "b.yaml:9:32: chip 'a' offset 1 is used twice, first by 'A' at 7:32: delete one of the two",
                "b.yaml:12:12: ADC name 'x' is used twice, first at 11:12: write another name",
                "b.yaml:12:58: channel 'x.C' is declared twice, first at 11:58: write another name",
                "b.yaml:18:28: channel 'v1' is used twice in one ADC, first at 17:28: delete one of the two",
            ])
    }

    @Test func `a line is not called like a channel`() {
        let text = """
            chips: [{label: a, lines: 8}]
            lines: [{name: x.C, chip: a, offset: 1}]
            adcs: [{name: x, device: dd, how: polled, channels: [{name: C, channel: v0, unit: V}]}]
            """
        #expect(
            mistakes(in: Minimal.emulated + text) == [
                "b.yaml:6:16: line name 'x.C' is also a channel, at 7:61: write another name"
            ])
    }

    @Test func `debounce is what the kernel can count`() {
        #expect(
            mistakes(inLine: "name: A, chip: sim, offset: 1, debounce: 1500ns") == [
                "b.yaml:7:47: debounce is not a whole number of microseconds, in which the kernel counts it: write 2us"
            ])
        #expect(
            mistakes(inLine: "name: A, chip: sim, offset: 1, debounce: 2h") == [
                "b.yaml:7:47: debounce is longer than the kernel can count, which is in 32 bits of microseconds: "
                    + "write at most 4294967295us"
            ])
    }

    @Test func `what a polled ADC cannot have is refused`() {
        let channel = "channels: [{name: C, channel: v0, unit: V}]"
        #expect(
            mistakes(inADC: "name: x, device: dd, how: polled, timestamped: true, trigger: t, \(channel)") == [
                "b.yaml:6:53: timestamped is true, but a polled ADC has no buffer: write false, or how: buffered",
                "b.yaml:6:59: key 'trigger' is not allowed here, because a polled ADC has no buffer: delete it",
            ])
        #expect(
            mistakes(inADC: "name: x, device: dd, how: buffered, rate: 9, max-rate: 8.5, \(channel)") == [
                "b.yaml:6:48: rate 9 is above max-rate, which is 8.5: write at most 8.5"
            ])
        #expect(
            mistakes(inADC: "name: x.y, device: d d, how: simulated, channels: []") == [
                "b.yaml:6:12: name 'x.y' is no channel or ADC name, which is letters, digits, _ and -, without dots "
                    + "and spaces: write for example AIN0",
                "b.yaml:6:25: device 'd d' is no IIO device name, which is without spaces, with at most one * for what "
                    + "the kernel numbers: write for example ads1015",
                "b.yaml:6:35: how 'simulated' is not known: write buffered or polled",
                "b.yaml:6:56: channels is an empty list: write at least one "
                    + "'- {name: AIN0, channel: voltage0, unit: V}'",
            ])
    }

    @Test(arguments: ["GPIO17", "Z101_OPEN", "=A+B/C", "a.b:c#d-e", "_x"])
    func `plant tags are line names`(name: String) {
        #expect(mistakes(inLine: "name: \(name), chip: sim, offset: 1") == [])
    }

    @Test(arguments: ["a b", "-a", "'#a'", "'.a'", "ü", "'a,b'"])
    func `other text is no line name`(name: String) {
        let bare = name.filter { $0 != "'" }
        #expect(
            mistakes(inLine: "name: \(name), chip: sim, offset: 1") == [
                "b.yaml:7:12: name '\(bare)' is no line name, which is letters, digits and _ . : = + / # -, without "
                    + "spaces, not beginning with - . : #: write for example GPIO17"
            ])
    }
}
