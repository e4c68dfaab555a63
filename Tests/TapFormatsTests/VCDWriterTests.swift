import TapCore
import TestSupport
import Testing

@testable import TapFormats

@Suite struct VCDWriterTests {
    private func dump(_ header: SessionHeader, _ body: (inout VCDWriter) throws -> Void) rethrows -> [String] {
        let memory = MemoryOutput()
        var writer = VCDWriter(header, to: ByteWriter(memory))
        try body(&writer)
        writer.output.flush()
        return memory.text.split(separator: "\n").map(String.init)
    }

    @Test func `every kind of record has its change or comment`() throws {
        let lines = try dump(Fixture.header) { try Fixture.play(&$0) }
        #expect(lines == VCDWriterTests.golden)
    }

    @Test func `10,000 variables have 10,000 short identifiers of printable characters`() {
        var header = Fixture.header
        header.sources[1].devices[0].channels[1].format = ScanFormat(
            isBigEndian: false, isSigned: false, bits: 8, storageBits: 8, repeats: 9_997)
        let variables = dump(header) { _ in }.filter { $0.hasPrefix("$var ") }.map { $0.split(separator: " ") }
        #expect(variables.count == 10_000)
        #expect(Set(variables.map { $0[3] }).count == 10_000)
        #expect(Set(variables.map { $0[4] }).count == 10_000)
        #expect(variables.allSatisfy { $0[3].utf8.count <= 3 && $0[3].utf8.allSatisfy { (33...126).contains($0) } })
    }

    @Test func `time never goes back, and what comes late has a comment with its true time`() {
        var dice = Dice(7)
        var edges = 0
        var wantedComments: [String] = []
        let lines = dump(Fixture.header) { writer in
            var latest: UInt64 = 0
            for number in 0..<5_000 {
                let time = UInt64(number) * 100 + UInt64.random(in: 0..<1_000, using: &dice)
                writer.edge(
                    Edge(time: Fixture.after(time), line: Fixture.pump, sequence: UInt32(number), flags: .rising))
                if time < latest { wantedComments.append("$comment late edge of PUMP, was at \(time) ns $end") }
                latest = max(latest, time)
                edges += 1
            }
        }
        let times = lines.filter { $0.hasPrefix("#") }.compactMap { UInt64($0.dropFirst()) }
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
        #expect(lines.filter { $0 == "1\"" }.count == edges)
        #expect(lines.filter { $0.hasPrefix("$comment late") } == wantedComments)
        #expect(wantedComments.count > 1_000)
    }

    @Test func `a line is unknown from a loss on until it is heard of again`() {
        for kind in Gap.Kind.allCases {
            let lines = dump(Fixture.header) { writer in
                writer.edge(Edge(time: Fixture.after(10), line: Fixture.doors, sequence: 1, flags: .rising))
                writer.event(
                    .gap(
                        Gap(
                            kind, .line(Fixture.doors), .exactly(1), discovered: Fixture.after(30),
                            from: Fixture.after(10), to: Fixture.after(30))))
                writer.edge(Edge(time: Fixture.after(40), line: Fixture.doors, sequence: 3, flags: .rising))
            }
            let comment = "$comment gap \(Words.kind(kind)) DOOR \"A\": 1 lost, from 10 ns to 30 ns $end"
            // What is back is not known any less than before.
            let unknown = kind == .sourceBack ? [] : ["x!"]
            #expect(Array(lines.suffix(6 + unknown.count)) == ["#10", "1!", "#30", comment] + unknown + ["#40", "1!"])
        }
    }

    private static let golden = [
        "$version tap 1.2.3 $end", "$date 2026-11-23T20:02:11.500000000Z $end",
        "$comment remote signals, board rig $end", "$comment costs Send nothing $end", "$timescale 1 ns $end",
        "$scope module tap $end", "$var wire 1 ! DOOR_\"A\" $end", "$var wire 1 \" PUMP $end",
        "$var real 64 # adc.AIN0 $end", "$var real 64 $ adc.PAIR_0 $end", "$var real 64 % adc.PAIR_1 $end",
        "$upscope $end", "$enddefinitions $end",
        "#0", "$comment clock 2026-11-23T20:02:11.500000000Z within 640 ns, synchronised $end",
        "#5000", "1!", "0\"", "#2000000", "0!", "#1234567890", "1\"", "1!",
        "$comment late edge of DOOR \"A\", was at 1200000000 ns $end", "0!",
        "#1300000000",
        "$comment gap kernel-queue-overflow DOOR \"A\": 2 lost, from 1250000000 ns to 1300000000 ns $end",
        "x!", "$comment gap repeated-polarity PUMP: at least 1 lost, from 1250000000 ns to 1300000000 ns $end", "x\"",
        "$comment gap level-disagreement DOOR \"A\": unknown how many lost, from 1250000000 ns to 1300000000 ns $end",
        "x!", "#1300000500",
        "$comment gap scans-missing adc: about 1 lost, from 1250000500 ns to 1300000500 ns $end",
        "$comment gap ring-full DOOR \"A\": at least 7 lost, from 1250000000 ns to 1300000000 ns $end", "x!",
        "$comment gap muted DOOR \"A\": unknown how many lost, from 1250000000 ns to now on $end", "x!",
        "$comment gap muted DOOR \"A\": about 900 lost, from 1250000000 ns to 1300000000 ns $end", "x!",
        "$comment gap source-gone adc: unknown how many lost, from 1250000500 ns to 1300000500 ns $end",
        "$comment gap source-back adc: unknown how many lost, from 1250000500 ns to 1300000500 ns $end",
        "$comment level of DOOR \"A\" not read: 1 of 3 readings failed, from 1250000000 ns to 1300000000 ns $end",
        "#2000000100", "0!", "#2001000000", "r-1.0 #", "r1.0 $", "r256.0 %", "#2002000000", "r128.0 #", "r8.0 $",
        "r9.0 %", "#3000000000", "$comment clock 2026-11-23T20:02:14.500000007Z within 700 ns, not synchronised $end",
    ]
}
