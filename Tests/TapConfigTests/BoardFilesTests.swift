import TapConfig
import TapCore
import Testing

@Suite struct BoardFilesTests {
    /// The boards that come with tap.
    static let folder = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/boards"

    static var names: [String] {
        SystemFile.names(in: folder, suffix: ".yaml").map { String($0.dropLast(5)) }
    }

    @Test func `the simulator comes with tap`() {
        #expect(Self.names.contains("simulator"))
    }

    @Test(arguments: names)
    func `every board loads and is named like its file`(name: String) throws {
        let board = try BoardFile.load(path: "\(Self.folder)/\(name).yaml")
        #expect(board.name == name)
        #expect(!board.title.isEmpty)
    }

    @Test func `the simulator has the pumping station`() throws {
        let board = try BoardFile.load(path: "\(Self.folder)/simulator.yaml")
        #expect(board.provenance == .simulated)
        #expect(board.chips.isEmpty && board.lines.isEmpty && board.adcs.isEmpty)
        let scenario = try ScenarioFile.load(path: "\(Self.folder)/simulator.yaml")
        #expect(scenario.name == board.name && scenario.title == board.title)
        #expect(
            scenario.lines.map(\.name) == [
                "PUMP_CMD", "PUMP_FB", "FLOW_PULSE", "ENC_A", "ENC_B", "DOSE_STEP", "ESTOP_OK",
            ])
        let feedback = PulseTrain(phase: .milliseconds(35), period: .seconds(10), width: .seconds(5))
        #expect(scenario.lines[1].wave == .pulses(feedback))
        #expect(scenario.lines[1].words == "square, period 10s, duty 0.5, phase 35ms")
        let steps = PulseTrain(
            phase: .milliseconds(100), period: .seconds(1), pulses: 16, width: .microseconds(250),
            spacing: .microseconds(500))
        #expect(scenario.lines[5].wave == .pulses(steps))
        #expect(scenario.lines[6].wave == .constant(isHigh: true))
        #expect(scenario.converters.map(\.name) == ["plant"])
        #expect(scenario.converters[0].rate_hz == 100)
        let current = Periodic(.square(duty: 0.5), offset: 0.012, amplitude: 0.008, period: .seconds(10))
        #expect(
            scenario.converters[0].channels[1]
                == ConverterChannel(
                    name: "motor_current", words: "square, offset 0.012, amplitude 0.008, period 10s", unit: "A",
                    bottom: 0.004, top: 0.02, bits: 16, wave: .periodic(current)))
    }

    @Test func `a missing file is reported with the boards beside it`() {
        let path = "\(Self.folder)/no-such-board.yaml"
        #expect {
            try BoardFile.load(path: path)
        } throws: { error in
            let text = "\(error)"
            return text.hasPrefix(
                "\(path): no such file (ENOENT): check the path; boards in \(Self.folder)/ are ")
                && text.contains("simulator.yaml") && !text.contains("\n")
        }
    }

    @Test func `a missing file in a folder without boards is reported`() {
        expect("/proc/self/b.yaml", "/proc/self/b.yaml: no such file (ENOENT): check the path")
        expect("", ": no such file (ENOENT): check the path")
        expect("/proc/self/a\0b", "/proc/self/a\\u{0}b: no such file (ENOENT): check the path")
    }

    @Test func `a folder is no board file`() {
        expect("/proc/self", "/proc/self: is a folder (EISDIR): name a file in it")
        expect("/dev/null/b", "/dev/null/b: a part of the path is not a folder (ENOTDIR): check the path")
    }

    @Test func `an endless file is refused past one mebibyte`() {
        expect("/dev/zero", "/dev/zero: is longer than 1 MiB, so it is not a board file: check the path")
    }

    @Test func `an empty file is reported`() {
        expect("/dev/null", "/dev/null:1:1: the file is empty: begin with 'tap-board: 1'")
    }

    private func expect(_ path: String, _ message: String, at location: SourceLocation = #_sourceLocation) {
        #expect(sourceLocation: location) {
            try BoardFile.load(path: path)
        } throws: { error in
            "\(error)" == message
        }
    }
}
