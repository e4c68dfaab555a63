import TapConfig
import TapCore
import Testing

@Suite struct ValueTests {
    @Test(
        arguments: [
            ("1ns", 1), ("250us", 250_000), ("10ms", 10_000_000), ("1.5s", 1_500_000_000), ("0.000000001s", 1),
            ("2min", 120_000_000_000), ("10m", 600_000_000_000), ("1d", 86_400_000_000_000), ("1h", 3_600_000_000_000),
            ("8760h", 31_536_000_000_000_000), ("1.000ns", 1),
            ("0.1min", 6_000_000_000), ("'10ms'", 10_000_000),
        ] as [(String, Int64)])
    func `times are exact`(text: String, nanoseconds: Int64) throws {
        let line = "{name: A, wave: pulse-train, width: 1ns, every: 8760h, phase: \(text)}"
        let scenario = try ScenarioFile.parse(Minimal.simulated + "scenario: {lines: [\(line)]}\n", file: "b.yaml")
        let train = PulseTrain(
            phase: Nanoseconds(nanoseconds), period: .seconds(8_760 * 3_600), width: Nanoseconds(1),
            spacing: Nanoseconds(2))
        #expect(scenario.lines[0].wave == .pulses(train))
    }

    @Test(arguments: [
        ("10", "10 has no unit, a unit is ns, us, ms, s, m, h or d: write 10ms"),
        ("1.5", "1.5 has no unit, a unit is ns, us, ms, s, m, h or d: write 1.5ms"),
        ("10 ms", "10 ms has a space in it: write 10ms"),
        ("10sec", "10sec has an unknown unit, a unit is ns, us, ms, s, m, h or d: write 10s"),
        ("10µs", "10µs has an unknown unit, a unit is ns, us, ms, s, m, h or d: write 10us"),
        ("10MS", "10MS has an unknown unit, a unit is ns, us, ms, s, m, h or d: write 10ms"),
        ("fast", "fast is not a time, which is a number and its unit: write for example 10ms"),
        ("1e3ms", "1e3ms has an unknown unit, a unit is ns, us, ms, s, m, h or d: write for example 10ms"),
        ("1..5ms", "1..5ms is not a time, which is a number and its unit: write for example 10ms"),
        (".5ms", ".5ms is not a time, which is a number and its unit: write for example 10ms"),
        ("-5ms", "-5ms is negative: write a time above 0"),
        ("+5ms", "+5ms has a sign: write 5ms"),
        ("0ms", "0ms is zero: write a time above 0"),
        ("0.0h", "0.0h is zero: write a time above 0"),
        ("0.5ns", "0.5ns is finer than a nanosecond: write whole nanoseconds"),
        ("0.01ns", "0.01ns is finer than a nanosecond: write whole nanoseconds"),
        ("8761h", "8761h is too long: write at most 365d"),
        ("8760.0000000001h", "8760.0000000001h is too long: write at most 365d"),
        ("99999999999999999999s", "99999999999999999999s is too long: write at most 365d"),
    ])
    func `a bad time is reported with what to write`(text: String, message: String) {
        #expect(
            mistakes(inSimulatedLine: "name: A, wave: square, period: \(text)") == ["b.yaml:7:39: period \(message)"])
    }

    @Test func `a time is no list and not nothing`() {
        #expect(
            mistakes(inSimulatedLine: "name: A, wave: square, period: [1s]") == [
                "b.yaml:7:39: period is a list, where a time is expected: write for example 10ms"
            ])
        #expect(
            mistakes(inSimulatedLine: "name: A, wave: square, period: ") == [
                "b.yaml:7:39: period has no value: write for example 10ms, or delete the key"
            ])
    }

    @Test(arguments: [
        ("five", "is 'five', where a whole number is expected: write for example 17"),
        ("1.5", "is the number 1.5, where a whole number is expected: write for example 17"),
        ("0x1", "is the number 0x1, where a whole number is expected: write for example 17"),
        ("\"5\"", "is text in quotes, where a number is expected: write 5 without quotes"),
        ("010", "010 begins with 0, which many programs read as octal: write 10"),
        ("99999999999999999999", "99999999999999999999 is out of range: write for example 17"),
        ("-1", "-1 is negative: write 0 to 7"),
        ("true", "is 'true', where a whole number is expected: write for example 17"),
        ("{}", "is a map, where a whole number is expected: write for example 17"),
        ("~", "has no value: write for example 17, or delete the key"),
    ])
    func `a bad whole number is reported`(text: String, message: String) {
        #expect(mistakes(inLine: "name: A, chip: sim, offset: \(text)") == ["b.yaml:7:34: offset \(message)"])
    }

    @Test(arguments: [
        ("5", "is the number 5, where text is expected: write \"5\""),
        ("1.04", "is the number 1.04, where text is expected: write \"1.04\""),
        ("1_000", "is the number 1_000, where text is expected: write \"1_000\""),
        ("0x1F", "is the number 0x1F, where text is expected: write \"0x1F\""),
        ("2024-05-01", "is the number 2024-05-01, where text is expected: write \"2024-05-01\""),
        ("on", "is on, which many programs read as true or false: write \"on\""),
        ("[a]", "is a list, where text is expected: write for example J8-11"),
        ("''", "is empty: write for example J8-11, or delete the key"),
        ("\"a\\nb\"", "has a line break in it: write it without"),
        ("\"a\\eb\"", "has an invisible character in it: write it without"),
        (
            "12345678901234567890x12345678901234567890",
            "has 41 characters, where 40 are the maximum: write a shorter one"
        ),
    ])
    func `bad text is reported`(text: String, message: String) {
        #expect(mistakes(inLine: "name: A, chip: sim, offset: 1, pin: \(text)") == ["b.yaml:7:42: pin \(message)"])
    }

    @Test(arguments: ["J8-11", "P1.04", "\"5\"", "1-0020", "600000.gpio", "\"on\"", "1e3.gpio", "e5", "Ä"])
    func `text may look like a number where no reader takes it for one`(text: String) {
        #expect(mistakes(inLine: "name: A, chip: sim, offset: 1, pin: \(text)") == [])
    }

    @Test func `true and false are the only truth values`() {
        #expect(
            mistakes(inLine: "name: A, chip: sim, offset: 1, active-low: yes") == [
                "b.yaml:7:49: active-low is 'yes', where true or false is expected: write true or false"
            ])
        #expect(
            mistakes(inLine: "name: A, chip: sim, offset: 1, active-low: 'true'") == [
                "b.yaml:7:49: active-low is 'true' in quotes, where true or false is expected: write true or false"
            ])
    }

    @Test func `an unknown choice is reported with the right ones`() {
        #expect(
            mistakes(inLine: "name: A, chip: sim, offset: 1, bias: up, edges: [both]") == [
                "b.yaml:7:43: bias 'up' is not known: write as-is, disabled, pull-up or pull-down",
                "b.yaml:7:54: edges is a list, where one of both, rising or falling is expected: write for example both",
            ])
    }

    @Test(arguments: [
        ("mA", "'mA' has a prefix, but values are given in whole A: write A"),
        ("Volt", "'Volt' is not known: did you mean 'V'?"), ("hz", "'hz' is not known: did you mean 'Hz'?"),
        ("°C", "'°C' is not known: did you mean 'degC'?"),
        (
            "furlong",
            "'furlong' is not known: write one of V A Ohm W VA var J Wh Hz F H S S/m T lx K degC Pa bar m m/s m/s2 m3/s "
                + "m3/h l/min kg kg/h N Nm rad rad/s rpm s % pH mol/l raw"
        ),
    ])
    func `an unknown unit is reported`(unit: String, message: String) {
        #expect(
            mistakes(
                inConverter: "name: a, rate: 1, channels: [{name: b, wave: dc, value: 1, range: [0, 1], unit: \(unit)}]"
            ) == [
                "b.yaml:7:88: unit \(message)"
            ])
    }

    @Test(arguments: [
        ("0", "0 is out of range: write a number from 0.000001 to 1000000000"),
        ("1e999", "1e999 is out of range: write a number from 0.000001 to 1000000000"),
        ("-5", "-5 is out of range: write a number from 0.000001 to 1000000000"),
        (".nan", "is the number .nan, where a number is expected: write for example 1000"),
        ("fast", "is 'fast', where a number is expected: write for example 1000"),
        ("'5'", "is text in quotes, where a number is expected: write 5 without quotes"),
    ])
    func `a bad number is reported`(text: String, message: String) {
        #expect(
            mistakes(
                inConverter: "name: a, channels: [{name: b, wave: dc, value: 1, range: [0, 1], unit: V}], rate: \(text)"
            ) == [
                "b.yaml:7:90: rate \(message)"
            ])
    }
}
