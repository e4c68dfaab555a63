import TapConfig
import TapCore
import Testing

@Suite struct BenchTests {
    /// A board of four lines, from line 6 on.
    private static let lines =
        Minimal.emulated + """
            chips: [{label: sim, lines: 8}]
            lines:
              - {name: O1, chip: sim, offset: 0}
              - {name: O2, chip: sim, offset: 1}
              - {name: I1, chip: sim, offset: 4}
              - {name: I2, chip: sim, offset: 5}

            """

    private func board(_ bench: String) throws -> Board {
        try BoardFile.parse(Self.lines + bench + "\n", file: "b.yaml")
    }

    private func reported(_ bench: String) -> [String] { mistakes(in: Self.lines + bench + "\n") }

    @Test func `a board without it is no bench`() throws {
        #expect(try board("notes: []").bench == nil)
    }

    @Test func `a simulated kernel's lines drive themselves`() throws {
        #expect(try board("bench: {sim: true}").bench == BoardBench(.pulls, profileFor: ["bench"]))
    }

    @Test func `outputs have the inputs they are wired to`() throws {
        let read = try board("bench: {outputs: [{line: O2, drives: I1}, {line: O1, drives: FAR}], profile-for: [a, b]}")
        #expect(
            read.bench
                == BoardBench(
                    .outputs([BoardLoopback(output: "O2", input: "I1"), BoardLoopback(output: "O1", input: "FAR")]),
                    profileFor: ["a", "b"]))
    }

    @Test func `what it leaves open is reported`() {
        #expect(
            reported("bench: {}") == [
                "b.yaml:11:8: bench has neither outputs nor sim: add 'outputs: [{line: OUT, drives: IN}]', or 'sim: true' for gpio-sim"
            ])
        #expect(
            reported("bench: {outputs: []}") == [
                "b.yaml:11:18: outputs is an empty list: write at least one '- {line: OUT, drives: IN}'"
            ])
        #expect(
            reported("bench: {outputs: [{line: O1}]}") == [
                "b.yaml:11:19: key 'drives' is missing in an output: add 'drives: IN'"
            ])
    }

    @Test func `a line that is not there or wired twice is reported`() {
        #expect(
            reported("bench: {outputs: [{line: O3, drives: I1}]}") == [
                "b.yaml:11:26: line 'O3' is not declared under lines: write O1, O2 or I1, or declare it"
            ])
        #expect(
            reported("bench: {outputs: [{line: O1, drives: I1}, {line: O2, drives: I1}, {line: I1, drives: I2}]}") == [
                "b.yaml:11:62: line 'I1' is wired twice, first at 11:38: write another line, or delete one of the two",
                "b.yaml:11:74: line 'I1' is wired twice, first at 11:38: write another line, or delete one of the two",
            ])
    }

    @Test func `what does not go together is reported`() {
        #expect(
            reported("bench: {sim: true, outputs: [{line: O1, drives: I1}]}") == [
                "b.yaml:11:20: key 'outputs' is not allowed here, because with 'sim' each line drives itself: delete it"
            ])
        #expect(reported("bench: {sim: false}") == ["b.yaml:11:9: sim is false, which has no effect: delete it"])
        let simulated = Minimal.simulated + "scenario: {lines: [{name: A, wave: constant}]}\nbench: {sim: true}\n"
        #expect(
            mistakes(in: simulated) == [
                "b.yaml:6:1: key 'bench' on a board whose provenance is simulated, which has no lines to drive: delete it"
            ])
        let hardware = "tap-board: 1\nname: b\ntitle: B\nprovenance: hardware\nsources: [\"x\"]\nbench: {sim: true}\n"
        #expect(
            mistakes(in: hardware) == [
                "b.yaml:6:9: key 'sim' on a board whose provenance is hardware, where lines have no pulls to set: write 'outputs: [{line: OUT, drives: IN}]'"
            ])
    }
}
