import TapConfig
import TapCore
import TestSupport
import Testing

@Suite struct FuzzTests {
    static let wired = """
        tap-board: 1
        name: bench
        title: Bench
        provenance: emulated-kernel
        machine: {compatible: ["a,b"]}
        notes: ["x: y"]
        chips:
          - {label: sim, lines: 8, slow: true}
        lines:
          - {name: A, chip: sim, offset: 7, pin: J8-1, bias: pull-up, debounce: 10ms}
          - {name: B, chip: sim, offset: 0, edges: rising, active-low: true}
        adcs:
          - name: adc
            device: "x*"
            how: buffered
            max-rate: 8.6e2
            channels: [{name: C, channel: voltage0, unit: V}]
        """
    static let simulated = """
        tap-board: 1
        name: bench
        title: Bench
        provenance: simulated
        scenario:
          lines:
            - {name: A, wave: square, period: 1.5s, duty: 0.25, phase: 2min}
            - {name: B, wave: pulse-train, pulses: 5, width: 10us, every: 1ms}
          converters:
            - name: p
              rate: 100
              channels:
                - {name: x, unit: A, range: [-5, 9], wave: sine, offset: 5, amplitude: 1e-3, frequency: 3, bits: 16}
                - {name: y, unit: V, range: [-4, 4], wave: ramp, amplitude: 4, period: 8760h}
        """

    private static let special = Array("{}[]:,-&*!|>'\"%@#9e. \n".utf8)

    @Test(arguments: [(wired, 1), (simulated, 2)] as [(String, UInt64)])
    func `any bytes give a board or placed mistakes`(text: String, seed: UInt64) throws {
        _ = try BoardFile.parse(text, file: "b.yaml")
        var dice = Dice(seed)
        var boards = 0
        for round in 0..<1_500 {
            var bytes = Array(text.utf8)
            for _ in 0...dice.below(3) { mutate(&bytes, &dice) }
            do throws(ConfigurationErrors) {
                _ = try BoardFile.parse(bytes, file: "b.yaml")
                boards += 1
            } catch {
                let isTold =
                    !error.mistakes.isEmpty && error.mistakes.count <= ConfigurationErrors.limit
                    && error.mistakes.allSatisfy { mistake in
                        guard let position = mistake.position else { return false }
                        return position.line >= 1 && position.column >= 1 && !mistake.remedy.isEmpty
                            && mistake.description.unicodeScalars.allSatisfy { $0.value >= 0x20 }
                    }
                #expect(isTold, "round \(round): \(String(decoding: bytes, as: UTF8.self)): \(error)")
            }
        }
        // Both outcomes were met: a mutation that breaks every file would test only the first check.
        #expect((1..<1_500).contains(boards))
    }

    private func mutate(_ bytes: inout [UInt8], _ dice: inout Dice) {
        guard !bytes.isEmpty else { return }
        let place = dice.below(bytes.count)
        switch dice.below(6) {
        case 0: bytes[place] ^= 1 << UInt8(dice.below(8))
        case 1: bytes.removeSubrange(place...)
        case 2: bytes.insert(Self.special[dice.below(Self.special.count)], at: place)
        case 3: bytes.remove(at: place)
        default:
            var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            let line = dice.below(lines.count)
            if dice.below(2) == 0 {
                lines.remove(at: line)
            } else {
                lines.insert(lines[line], at: dice.below(lines.count))
            }
            bytes = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
        }
    }

    @Test func `large files are read in reasonable time`() {
        // Far fewer steps than a quadratic search would take; the time limit of the suite is the witness.
        let lines = (0..<1_500).map { "- {name: L, chip: c\($0), ofset: 99999999999999999999}\n" }.joined()
        #expect(mistakes(in: Minimal.emulated + "lines:\n" + lines).count == 51)
    }
}
