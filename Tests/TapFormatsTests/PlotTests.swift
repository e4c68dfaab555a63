import TapCore
import TestSupport
import Testing

@testable import TapFormats

extension String {
    /// How often a text is in it.
    fileprivate func components(of text: String) -> Int {
        var (count, rest) = (0, self[...])
        while let found = rest.firstRange(of: text) {
            count += 1
            rest = rest[found.upperBound...]
        }
        return count
    }
}

@Suite struct PlotTests {
    private func ticks(_ from: Nanoseconds, _ to: Nanoseconds) -> String {
        let axis = PlotAxis.time(from: from, to: to, most: 10)
        return axis.ticks.map(\.text).joined(separator: " ") + " " + axis.unit
    }

    @Test func `times are shown in round numbers of a fitting unit`() {
        #expect(ticks(.zero, .seconds(1)) == "0 100 200 300 400 500 600 700 800 900 1000 ms")
        #expect(ticks(.zero, .seconds(10)) == "0 1 2 3 4 5 6 7 8 9 10 s")
        #expect(ticks(.zero, .seconds(3)) == "0.0 0.5 1.0 1.5 2.0 2.5 3.0 s")
        #expect(
            ticks(.seconds(46_800), .seconds(54_000)) == "13:00 13:15 13:30 13:45 14:00 14:15 14:30 14:45 15:00 h:min")
        #expect(ticks(.zero, .seconds(7 * 86_400)) == "0 1 2 3 4 5 6 7 d")
    }

    @Test func `far from zero, times are shown after a round one`() {
        #expect(
            ticks(.microseconds(100_000), .microseconds(100_010))
                == "0 1 2 3 4 5 6 7 8 9 10 us after 100 ms")
        #expect(
            ticks(.seconds(3_605), .seconds(3_605) + .milliseconds(5))
                == "0.0 0.5 1.0 1.5 2.0 2.5 3.0 3.5 4.0 4.5 5.0 ms after 3605 s")
    }

    @Test func `quantities have at least two numbers`() {
        for (low, high) in [(-0.0532, 0.0532), (0.0, 1e-9), (-1e6, 3e6), (4.99, 5.01), (0.17, 0.93)] {
            let axis = PlotAxis.quantity(from: low, to: high, most: 4)
            #expect((2...8).contains(axis.ticks.count), "\(low) to \(high): \(axis.ticks)")
            let rounding = (high - low) * 1e-9
            #expect(axis.ticks.allSatisfy { $0.value >= low - rounding && $0.value <= high + rounding })
        }
        #expect(PlotAxis.quantity(from: -0.5, to: 1.2, most: 4).ticks.map(\.text) == ["-0.5", "0.0", "0.5", "1.0"])
    }

    @Test func `a line that changes too often is filled`() {
        var trace = DigitalTrace(columns: 10)
        trace.set(true, at: -3)
        trace.set(false, at: 0.5)
        for change in 0..<100 { trace.set(change % 2 == 0, at: 4 + Double(change) / 200) }
        #expect(trace.first == true)
        #expect(trace.columns.map(\.count) == [1, 0, 0, 0, 100, 0, 0, 0, 0, 0])
        #expect(trace.changes.count == 3)
        #expect(trace.isHigh == false)
    }

    @Test func `many samples keep their extremes`() {
        var trace = AnalogTrace(columns: 10)
        for sample in 0..<1_000 { trace.add(sample == 543 ? 99 : Double(sample % 10), at: Double(sample) / 100) }
        #expect(trace.isDense)
        #expect(trace.points.count == 21)
        #expect(trace.columns.allSatisfy { $0.count == 100 && $0.low == 0 })
        #expect(trace.columns.map(\.high) == [9, 9, 9, 9, 9, 99, 9, 9, 9, 9])
    }

    /// Of one channel, ten scans a second.
    private static func microamperes(_ name: String) -> DeviceInfo {
        DeviceInfo(
            id: DeviceID(0), name: "adc", method: .simulated, isTimestamped: true, rate_hz: 10, bytesPerScan: 2,
            channels: [
                ChannelInfo(
                    name: name, channel: "", unit: "A", byteOffset: 0,
                    format: ScanFormat(isBigEndian: false, isSigned: false, bits: 16, storageBits: 16), offset: 0,
                    scale: 1e-6)
            ])
    }

    private static let header = SessionHeader(
        version: "9", board: "bench", origin: .zero, fix: nil, kernel: "",
        sources: [
            SourceInfo(
                name: "test", provenance: .simulated, clock: ClockDomain(.virtual), capabilities: [.edges, .scans],
                lines: [LineInfo(id: LineID(0), name: "PUMP & MORE")],
                devices: [microamperes("x<y")],
                tags: [
                    TagInfo(id: TagID(0), name: "LEVEL", source: "hmi", unit: "m"),
                    TagInfo(id: TagID(1), name: "RUN", source: "hmi"),
                    TagInfo(id: TagID(2), name: "MODE", source: "hmi"),
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
                bands: [Plot.Band(.attack, name: "frozen", from: .milliseconds(300), to: nil)])
        }
        writer.event(.level(Level(line: LineID(0), isHigh: false, reason: .first, notBefore: .zero, notAfter: .zero)))
        for (tag, value) in [Claim.Value.number(2), .bool(true), .text("auto")].enumerated() {
            writer.event(.claim(Claim(tag: TagID(UInt16(tag)), value: value, time: at(100_000_000))))
        }
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

    @Test func `a picture names what it shows`() throws {
        let svg = try picture()
        #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" "))
        #expect(svg.hasSuffix("</svg>\n"))
        for text in [
            ">A &lt; B<", ">PUMP &amp; MORE<", ">adc.x&lt;y<", ">[mA]<", ">hmi LEVEL<", ">[m]<", ">hmi RUN<", ">auto<",
            ">frozen<", "url(#loss)", ">simulated signals, scenario bench, seed 7; drawn by tap 9<",
            ">captured signal<",
            ">claim<", ">loss<", ">attack<",
        ] { #expect(svg.contains(text), "\(text)") }
        #expect(try picture() == svg)
    }

    /// Of a tank: two lines, its level as 4 to 20 mA, and a screen.
    private static let tank = SessionHeader(
        version: "9", board: "tank", origin: .zero, fix: nil, kernel: "",
        sources: [
            SourceInfo(
                name: "test", provenance: .simulated, clock: ClockDomain(.virtual), capabilities: [.edges, .scans],
                lines: [LineInfo(id: LineID(0), name: "RUN"), LineInfo(id: LineID(1), name: "OPEN")],
                devices: [microamperes("LT")],
                tags: [
                    TagInfo(id: TagID(0), name: "LEVEL", source: "hmi", unit: "cm"),
                    TagInfo(id: TagID(1), name: "RUN", source: "hmi"),
                    TagInfo(id: TagID(2), name: "HIGH", source: "hmi", unit: "m"),
                    TagInfo(id: TagID(3), name: "MODE", source: "hmi"),
                ])
        ], seed: 7, notes: ["The tank is leaking."])

    /// The currents in microamperes, a tenth of a second apart.
    private func tank(_ currents_uA: [UInt16], isReadable: Bool) throws -> String {
        let memory = MemoryOutput()
        let meaning = PlotMeaning(
            quantities: [
                "adc.LT": PlotMeaning.Quantity(unit: "m", factor: 5 / 0.016, offset: -1.25, isLoop: true)
            ], claims: ["LEVEL": PlotMeaning.Subject("adc.LT"), "HIGH": PlotMeaning.Subject("adc.LT", isLimit: true)])
        var writer = PlotWriter(
            PlotTests.tank, span: (.zero, .seconds(1)), to: ByteWriter(memory), meaning: meaning,
            isReadable: isReadable
        ) {
            Plot(from: .zero, to: .seconds(1), title: "x")
        }
        for line in 0..<2 {
            writer.event(
                .level(
                    Level(
                        line: LineID(UInt16(line)), isHigh: false, reason: .first, notBefore: .zero, notAfter: .zero)))
        }
        for (tag, value) in [Claim.Value.number(250), .bool(true), .number(4), .text("auto")].enumerated() {
            writer.event(.claim(Claim(tag: TagID(UInt16(tag)), value: value, time: at(100_000_000))))
        }
        writer.edge(Edge(time: at(500_000_000), line: LineID(0), sequence: 1, flags: .rising))
        let raw = currents_uA.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        let block = ScanBlock(
            device: DeviceID(0), firstTime: .zero, period: .milliseconds(100), count: currents_uA.count,
            bytesPerScan: 2, sequence: 0, stamps: .exact, uncertainty: .zero)
        unsafe raw.withUnsafeBytes { unsafe writer.scans(block, raw: $0.bytes) }
        try writer.finish(at: .zero)
        return memory.text
    }

    @Test func `claims lie over the signal they speak of, in one unit`() throws {
        let svg = try tank([3_900, 12_000, 20_100], isReadable: false)
        // 4 to 20 mA are 0 to 500 cm, as the claim counts.
        for text in [
            ">adc.LT<", ">hmi LEVEL<", ">[cm]<", ">hmi HIGH<", ">0<", ">200<", ">400<", ">claimed limit<",
            ">NAMUR NE 43<", ">3.6 mA<", ">3.8 mA<", ">20.5 mA<", ">21 mA<", ">The tank is leaking.<", ">OPEN<",
            ">hmi MODE<",
        ] { #expect(svg.contains(text), "\(text)") }
        #expect(!svg.contains("[mA]") && !svg.contains(">[m]<"))
        // RUN of the screen lies over RUN of the machine: two lanes of levels, not three.
        #expect(svg.components(of: "stroke-width=\"1.4\"/>") == 3)
    }

    @Test func `limits of NE 43 are drawn where the signal comes near`() throws {
        let svg = try tank([4_000, 20_000], isReadable: false)
        #expect(!svg.contains("NE 43") && !svg.contains("mA<"))
        let low = try tank([3_800, 12_000], isReadable: false)
        #expect(low.contains(">3.6 mA<") && !low.contains(">21 mA<"))
    }

    @Test func `names of limits are in the order of their lines`() {
        // In the middle above its line; at the top below it, and so is what would else stand higher than that.
        #expect(PlotPicture.baselines([50, 80], top: 0) == [47, 77])
        #expect(PlotPicture.baselines([5, 80], top: 0) == [15, 77])
        #expect(PlotPicture.baselines([14, 5], top: 0) == [24, 15])
        #expect(PlotPicture.baselines([5, 17, 19], top: 0) == [15, 27, 29])
    }

    @Test func `what does not change is named below where nobody chose the lanes`() throws {
        let svg = try tank([8_000, 12_000], isReadable: true)
        #expect(svg.contains(">Unchanged in this span: OPEN 0, hmi MODE auto.<"))
        #expect(!svg.contains(">OPEN<") && svg.contains(">RUN<") && svg.contains(">adc.LT<"))
    }

    @Test func `names with room are not cut`() {
        let long = "Füllstand.Behälter_12.Grenzwertgeber.oben"
        #expect(SVGText.fitted(long, size: 12, width: 300) == long)
        #expect(SVGText.fitted("llllllllll", size: 10, width: 26) == "llllllllll")
        #expect(SVGText.fitted("WWWWWWWWWW", size: 10, width: 26) == "W\u{2026}")
        #expect(SVGText.wrapped("one two three", size: 10, width: 45) == ["one two", "three"])
    }

    @Test func `units of one kind have a factor`() throws {
        #expect(UnitFactor.factor(from: "bar", to: "Pa") == 100_000)
        #expect((try #require(UnitFactor.factor(from: "m3/s", to: "m3/h")) - 3_600).magnitude < 1e-9)
        #expect(UnitFactor.factor(from: "furlong", to: "furlong") == 1)
        #expect(UnitFactor.factor(from: "m", to: "A") == nil)
    }

    /// A chip that is back is not gone until the end.
    @Test func `a loss that is open ends with the gap that closes it`() throws {
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

    @Test func `a digest depends on what records say and not on how scans are cut`() {
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
