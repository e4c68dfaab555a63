import TapBench
import TapConfig
import TapCore
import TapDriver
import Testing

/// What may be driven, by what the board says and the machine has. The machine here is made up; those lines are driven
/// for real in Tests/Bench.
@Suite struct BenchTests {
    private static let text = """
        tap-board: 1
        name: bench
        title: Bench
        provenance: hardware
        sources: [a test]
        bench: {outputs: [{line: O1, drives: I1}, {line: O2, drives: FAR}]}
        chips: [{label: none, lines: 4}]
        lines:
          - {name: O1, chip: none, offset: 0}
          - {name: O2, chip: none, offset: 1}
          - {name: I1, chip: none, offset: 2}
          - {name: I2, chip: none, offset: 3}

        """

    private func bench() throws -> Bench { try Bench(BoardFile.parse(Self.text, file: "b.yaml")) }

    private func gpio(lines: Int = 4, used: Set<Int> = [], refused: Bool = false) -> GPIOInventory {
        let all = (0..<lines).map { GPIOLine(isUsed: used.contains($0), user: used.contains($0) ? "pumpd" : "") }
        return refused
            ? GPIOInventory(refused: [.init(path: "/dev/gpiochip0", refusal: .denied)])
            : GPIOInventory(chips: [GPIOChip(name: "no-such-chip", label: "none", lines: all)])
    }

    private func refusal(_ gpio: GPIOInventory, _ names: [String], isLoop: Bool = false) throws -> String {
        let bench = try bench()
        do throws(TapError) {
            _ = try bench.lines(of: try bench.select(names), isLoop: isLoop, gpio: gpio)
            return ""
        } catch {
            return "\(error.kind.rawValue): \(error.subject): \(error.what)"
        }
    }

    @Test func `a board without the section is refused`() throws {
        let gateway = try BoardFile.parse(
            Self.text.replacing("bench: {outputs: [{line: O1, drives: I1}, {line: O2, drives: FAR}]}\n", with: ""),
            file: "b.yaml")
        #expect { try Bench(gateway) } throws: { error in
            "\(error)".hasPrefix("board 'bench': is not a bench: its file names no line that may be driven")
        }
    }

    @Test func `only wired lines can be driven`() throws {
        #expect(try bench().wires.map(\.name) == ["I1", "FAR"])
        #expect(
            try refusal(gpio(), ["I2"]) == "notFound: line 'I2': cannot be driven on board 'bench'")
        #expect(try refusal(gpio(), ["O1"]) == "notFound: line 'O1': cannot be driven on board 'bench'")
    }

    @Test func `a line in use is refused with its user`() throws {
        #expect(try refusal(gpio(used: [1]), ["I1", "FAR"]) == "busy: line 'O2': is in use by 'pumpd'")
        #expect(try refusal(gpio(used: [3]), ["I1", "FAR"]) == "")
        // To drive an input from another program's side is what a bench is for.
        #expect(try refusal(gpio(used: [2]), ["I1"]) == "")
        #expect(try refusal(gpio(used: [2]), ["I1"], isLoop: true) == "busy: line 'I1': is in use by 'pumpd'")
    }

    @Test func `a loop needs both ends`() throws {
        #expect(
            try refusal(gpio(), ["FAR"], isLoop: true)
                == "configuration: line 'FAR': is not a line of board 'bench', so it cannot be captured")
        #expect(try refusal(gpio(), ["FAR"]) == "")
    }

    @Test func `a chip that is not there, not the one meant or not to be opened is refused`() throws {
        #expect(try refusal(GPIOInventory(), ["I1"]) == "notFound: chip 'none': there is no chip none")
        #expect(try refusal(gpio(lines: 5), ["I1"]) == "configuration: chip 'none': none has 5 lines, not 4")
        #expect(
            try refusal(gpio(refused: true), ["I1"])
                == "permission: /dev/gpiochip0: cannot be opened: EACCES")
    }
}
