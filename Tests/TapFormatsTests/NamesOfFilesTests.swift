import TapCore
import Testing

@testable import TapFormats

/// A name that is not in a capture file: what was probably meant, and what there is.
@Suite struct NamesOfFilesTests {
    private static let header: SessionHeader = {
        var source = SourceInfo(name: "x.vcd", provenance: .replayed, clock: ClockDomain(.file), capabilities: [])
        source.lines = ["RXTX", "PUMP_CMD", "PUMP_FB", "A"].enumerated().map { index, name in
            LineInfo(id: LineID(UInt16(index)), name: name, chip: "", offset: 0, options: LineOptions())
        }
        source.tags = [TagInfo(id: TagID(0), name: "LEVEL", source: "hmi")]
        return SessionHeader(
            version: "1", board: "x.vcd", origin: .zero, fix: nil, kernel: "", sources: [source])
    }()

    private func remedy(lines: [String] = [], channels: [String] = [], claims: [String] = []) -> String? {
        do throws(TapError) {
            _ = try ReplaySelection(Self.header, lines: lines, channels: channels, claims: claims)
            return nil
        } catch {
            return error.kind == .notFound ? error.remedy : "another error"
        }
    }

    @Test func `a name that is like one gets a guess`() {
        let all = "it has: RXTX, PUMP_CMD, PUMP_FB, A"
        #expect(remedy(lines: ["RXTX"]) == nil)
        #expect(remedy(lines: ["rxtx"]) == "did you mean 'RXTX'? \(all)")
        #expect(remedy(lines: ["PUMP"]) == "did you mean 'PUMP_CMD' or 'PUMP_FB'? \(all)")
        #expect(remedy(lines: ["PUMPCMD"]) == "did you mean 'PUMP_CMD'? \(all)")
        // A single other character is like nothing.
        #expect(remedy(lines: ["B"]) == all)
        #expect(remedy(lines: ["VALVE_17"]) == all)
        #expect(remedy(claims: ["LEVLE"]) == "did you mean 'LEVEL'? it has: LEVEL")
    }

    @Test func `a name of another kind is recognised`() {
        #expect(remedy(lines: ["LEVEL"]) == "it is a claim, not a line")
        #expect(remedy(claims: ["A"]) == "it is a line, not a claim")
        #expect(remedy(channels: ["A"]) == "it is a line, not a channel")
        #expect(remedy(channels: ["x"]) == "it has no channels")
    }
}
