import TapCore
import TestSupport
import Testing

@testable import TapFormats

@Suite struct PlotTests {
    private func ticks(_ from: Nanoseconds, _ to: Nanoseconds) -> String {
        let axis = PlotAxis.time(from: from, to: to, most: 10)
        return axis.ticks.map(\.text).joined(separator: " ") + " " + axis.unit
    }

    @Test func timesAreToldInRoundNumbersOfAFittingUnit() {
        #expect(ticks(.zero, .seconds(1)) == "0 100 200 300 400 500 600 700 800 900 1000 ms")
        #expect(ticks(.zero, .seconds(10)) == "0 1 2 3 4 5 6 7 8 9 10 s")
        #expect(ticks(.zero, .seconds(3)) == "0.0 0.5 1.0 1.5 2.0 2.5 3.0 s")
        #expect(
            ticks(.seconds(46_800), .seconds(54_000)) == "13:00 13:15 13:30 13:45 14:00 14:15 14:30 14:45 15:00 h:min")
        #expect(ticks(.zero, .seconds(7 * 86_400)) == "0 1 2 3 4 5 6 7 d")
    }

    @Test func farFromZeroTimesAreToldAfterARoundOne() {
        #expect(
            ticks(.microseconds(100_000), .microseconds(100_010))
                == "0 1 2 3 4 5 6 7 8 9 10 us after 100 ms")
        #expect(
            ticks(.seconds(3_605), .seconds(3_605) + .milliseconds(5))
                == "0.0 0.5 1.0 1.5 2.0 2.5 3.0 3.5 4.0 4.5 5.0 ms after 3605 s")
    }

    @Test func quantitiesHaveAtLeastTwoNumbers() {
        for (low, high) in [(-0.0532, 0.0532), (0.0, 1e-9), (-1e6, 3e6), (4.99, 5.01), (0.17, 0.93)] {
            let axis = PlotAxis.quantity(from: low, to: high, most: 4)
            #expect((2...8).contains(axis.ticks.count), "\(low) to \(high): \(axis.ticks)")
            let rounding = (high - low) * 1e-9
            #expect(axis.ticks.allSatisfy { $0.value >= low - rounding && $0.value <= high + rounding })
        }
        #expect(PlotAxis.quantity(from: -0.5, to: 1.2, most: 4).ticks.map(\.text) == ["-0.5", "0.0", "0.5", "1.0"])
    }

    @Test func aLineThatChangesTooOftenIsFilled() {
        var trace = DigitalTrace(columns: 10)
        trace.set(true, at: -3)
        trace.set(false, at: 0.5)
        for change in 0..<100 { trace.set(change % 2 == 0, at: 4 + Double(change) / 200) }
        #expect(trace.first == true)
        #expect(trace.columns.map(\.count) == [1, 0, 0, 0, 100, 0, 0, 0, 0, 0])
        #expect(trace.changes.count == 3)
        #expect(trace.isHigh == false)
    }

    @Test func manySamplesKeepTheirExtremes() {
        var trace = AnalogTrace(columns: 10)
        for sample in 0..<1_000 { trace.add(sample == 543 ? 99 : Double(sample % 10), at: Double(sample) / 100) }
        #expect(trace.isDense)
        #expect(trace.points.count == 21)
        #expect(trace.columns.allSatisfy { $0.count == 100 && $0.low == 0 })
        #expect(trace.columns.map(\.high) == [9, 9, 9, 9, 9, 99, 9, 9, 9, 9])
    }

    private static let header = SessionHeader(
        version: "9", board: "bench", origin: .zero, fix: nil, kernel: "",
        sources: [
            SourceInfo(
                name: "test", provenance: .simulated, clock: ClockDomain(.virtual), capabilities: [.edges, .scans],
                lines: [LineInfo(id: LineID(0), name: "PUMP & MORE")],
                devices: [
                    DeviceInfo(
                        id: DeviceID(0), name: "adc", method: .simulated, isTimestamped: true, rate_hz: 10,
                        bytesPerScan: 2,
                        channels: [
                            ChannelInfo(
                                name: "x<y", channel: "", unit: "A", byteOffset: 0,
                                format: ScanFormat(isBigEndian: false, isSigned: false, bits: 16, storageBits: 16),
                                offset: 0, scale: 1e-6)
                        ])
                ])
        ], seed: 7)

    /// A line with a loss, a channel, claims and an attack.
    private func picture() throws -> String {
        let memory = MemoryOutput()
        var writer = PlotWriter(
            PlotTests.header, span: (.zero, .seconds(1)), to: ByteWriter(memory)
        ) {
            Plot(
                from: .zero, to: .seconds(1), title: "A < B",
                claims: [
                    Plot.Claim(time: .milliseconds(100), name: "hmi LEVEL", unit: "m", value: .number(2)),
                    Plot.Claim(time: .milliseconds(100), name: "hmi RUN", value: .bool(true)),
                    Plot.Claim(time: .milliseconds(100), name: "hmi MODE", value: .text("auto")),
                ],
                bands: [Plot.Band(.attack, name: "frozen", from: .milliseconds(300), to: nil)])
        }
        writer.event(.level(Level(line: LineID(0), isHigh: false, reason: .first, notBefore: .zero, notAfter: .zero)))
        writer.edge(Edge(time: at(500_000_000), line: LineID(0), sequence: 1, flags: .rising))
        writer.event(
            .gap(
                Gap(
                    .ringFull, .line(LineID(0)), .exactly(1), discovered: at(800_000_000), from: at(600_000_000),
                    to: at(700_000_000))))
        let raw: [UInt8] = [0, 0, 0xE8, 3]
        let block = ScanBlock(
            device: DeviceID(0), firstTime: .zero, period: .milliseconds(100), count: 2, bytesPerScan: 2, sequence: 0,
            stamps: .exact, uncertainty: .zero)
        unsafe raw.withUnsafeBytes { unsafe writer.scans(block, raw: $0.bytes) }
        try writer.finish(at: .zero)
        return memory.text
    }

    @Test func aPictureNamesWhatItShows() throws {
        let svg = try picture()
        #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" "))
        #expect(svg.hasSuffix("</svg>\n"))
        for text in [
            ">A &lt; B<", ">PUMP &amp; MORE<", ">adc.x&lt;y<", ">[mA]<", ">hmi LEVEL<", ">[m]<", ">hmi RUN<", ">auto<",
            ">frozen<", "url(#loss)", ">simulated signals, scenario bench, seed 7, losses hatched; drawn by tap 9<",
        ] { #expect(svg.contains(text), "\(text)") }
        #expect(try picture() == svg)
    }

    /// A chip that is back is not gone until the end.
    @Test func aLossThatIsOpenEndsWithTheGapThatClosesIt() throws {
        func picture(isBack: Bool) throws -> String {
            let memory = MemoryOutput()
            var writer = PlotWriter(
                PlotTests.header, span: (.zero, .seconds(1)), to: ByteWriter(memory)
            ) {
                Plot(from: .zero, to: .seconds(1), title: "x")
            }
            func gap(_ kind: Gap.Kind, to: Timestamp) -> Gap {
                Gap(kind, .line(LineID(0)), .unknown, discovered: at(700_000_000), from: at(600_000_000), to: to)
            }
            writer.event(.gap(gap(.sourceGone, to: isBack ? .distantFuture : at(700_000_000))))
            if isBack { writer.event(.gap(gap(.sourceBack, to: at(700_000_000)))) }
            try writer.finish(at: .zero)
            return memory.text
        }
        #expect(try picture(isBack: true) == picture(isBack: false))
    }

    @Test func aDigestHangsOnWhatRecordsSayAndNotOnHowScansAreCut() {
        func digest(_ blocks: [(first: Int, bytes: [UInt8])], isRising: Bool = true) -> String {
            var writer = DigestWriter(PlotTests.header, to: ByteWriter(MemoryOutput()))
            writer.edge(Edge(time: at(5), line: LineID(0), sequence: 1, flags: isRising ? .rising : []))
            for block in blocks {
                let header = ScanBlock(
                    device: DeviceID(0), firstTime: at(UInt64(block.first) * 100), period: Nanoseconds(100),
                    count: block.bytes.count / 2, bytesPerScan: 2, sequence: UInt64(block.first), stamps: .exact,
                    uncertainty: .zero)
                unsafe block.bytes.withUnsafeBytes { unsafe writer.scans(header, raw: $0.bytes) }
            }
            return writer.text
        }
        let whole = digest([(0, [1, 2, 3, 4, 5, 6])])
        #expect(whole.count == 16)
        #expect(digest([(0, [1, 2]), (1, [3, 4, 5, 6])]) == whole)
        #expect(digest([(0, [1, 2, 3, 4]), (2, [5, 6])]) == whole)
        #expect(digest([(0, [1, 2, 3, 4, 5, 7])]) != whole)
        #expect(digest([(1, [1, 2, 3, 4, 5, 6])]) != whole)
        #expect(digest([(0, [1, 2, 3, 4, 5, 6])], isRising: false) != whole)
    }
}
