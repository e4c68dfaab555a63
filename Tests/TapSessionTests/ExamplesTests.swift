import TapConfig
import TapCore
import TapDecode
import TapFormats
import TapSession
import TestSupport
import Testing

/// The examples of doc comments, each with what it shows. Tests/Command/examples.py checks that the lines of every
/// example in Sources stand here.
@Suite struct ExamplesTests {
    @Test func `times and spans`() {
        let begin = Timestamp(nanoseconds: 1_000)
        let end = begin + .microseconds(2)
        let lasted = end - begin  // 2,000 ns
        #expect(lasted == Nanoseconds(2_000))
    }

    @Test func `a histogram`() {
        var delays = Histogram()
        for delay_us in [80, 90, 120] as [UInt64] { delays.add(delay_us) }
        let median = delays.quantile(0.5)  // 90
        #expect(median == 90)
    }

    @Test func `a ring`() {
        var ring = Ring.make(capacity: 1_024)
        let hadRoom = ring.producer.push(Cell(1, 2))  // false: the ring was full
        let cell = ring.consumer.pop()  // nil: the ring was empty
        #expect(hadRoom && cell == Cell(1, 2))
    }

    @Test func `memory as an output`() throws {
        let memory = MemoryOutput()
        try memory.write("hello")
        print(memory.text)  // hello
        #expect(memory.text == "hello")
    }

    @Test func `a sink`() {
        struct RisingEdges: RecordSink {
            var count = 0
            var isIncomplete = false
            mutating func edge(_ edge: Edge) { if edge.isRising { count += 1 } }
            mutating func scans(_ block: ScanBlock, raw: RawSpan) {}
            mutating func event(_ event: Event) { if case .gap = event { isIncomplete = true } }
        }
        var sink = RisingEdges()
        sink.edge(Edge(time: at(1), line: LineID(0), sequence: 1, flags: .rising))
        sink.edge(Edge(time: at(2), line: LineID(0), sequence: 2, flags: []))
        #expect(sink.count == 1 && !sink.isIncomplete)
    }

    private static let header = SessionHeader(
        version: "1.0", board: "bench", origin: .zero, fix: nil, kernel: "",
        sources: [
            SourceInfo(
                name: "bench", provenance: .simulated, clock: ClockDomain(.virtual), capabilities: [.edges],
                lines: [LineInfo(id: LineID(0), name: "DOOR")])
        ])

    @Test func `a capture that is written, read and converted`() throws {
        let header = Self.header
        let memory = MemoryOutput()
        var writer = JSONLinesWriter(header, to: ByteWriter(memory))
        writer.edge(Edge(time: Timestamp(nanoseconds: 1_500), line: LineID(0), sequence: 1, flags: .rising))
        writer.captureEnded(at: Timestamp(nanoseconds: 2_000))
        try writer.finish(at: Timestamp(nanoseconds: 2_000))
        #expect(memory.text.contains(#"{"t_ns":1500,"line":"DOOR","edge":"rising","seq":1}"#))

        let folder = ScratchFolder()
        let path = folder.write("door.jsonl", memory.text)
        var reader = try CaptureFormat.open(path)
        var buffer = RecordBuffer()
        var sink = RecordCollector()
        while try reader.read(into: &buffer) { buffer.drain(into: &sink) }
        buffer.drain(into: &sink)
        #expect(sink.records.map(\.time) == [at(1_500)])
        #expect(reader.header.lines.map(\.name) == ["DOOR"])

        let vcd = folder.file("door.vcd")
        let conversion = Conversion(version: "1.0")
        let outcome = try conversion.run(path, to: vcd, as: .vcd)
        for remark in outcome.remarks { print(remark) }  // what the new format cannot hold
        #expect(outcome.edges == 1)
    }

    @Test func `a serial line`() {
        let format = UARTFormat(baud: 9_600)
        var decoder = UARTDecoder(format)
        var bytes: [UInt8] = []
        decoder.level(isHigh: true, at: .zero) { _ in }
        for transition in UARTEncoder(format, Array("ok".utf8), from: Timestamp(nanoseconds: 5_000_000)) {
            decoder.edge(at: transition.time, isRising: transition.isHigh) { bytes.append(UInt8($0.value)) }
        }
        decoder.finish(at: Timestamp(nanoseconds: 10_000_000)) { bytes.append(UInt8($0.value)) }
        print(String(decoding: bytes, as: UTF8.self))  // ok
        #expect(bytes == Array("ok".utf8))
    }

    @Test func `a Modbus frame`() {
        let format = UARTFormat(baud: 19_200, parity: .even)
        let bytes = ModbusRTU.frame(unit: 1, request: .read(.coils, address: 0, count: 8))
        let encoder = UARTEncoder(format, bytes, from: Timestamp(nanoseconds: 5_000_000))

        var (uart, modbus, pairing) = (UARTDecoder(format), ModbusDecoder(format), ModbusPairing())
        var frames: [ModbusFrame] = []
        uart.level(isHigh: true, at: .zero) { _ in }
        for transition in encoder {
            uart.edge(at: transition.time, isRising: transition.isHigh) { modbus.take($0) { frames.append($0) } }
        }
        uart.finish(at: encoder.end) { modbus.take($0) { frames.append($0) } }
        modbus.finish { frames.append($0) }
        for index in frames.indices { pairing.read(&frames[index]) }  // frames[0].role: a request to read coils
        #expect(frames.map(\.role) == [.request(.read(.coils, address: 0, count: 8))])
    }

    @Test func `a scenario that is run`() throws {
        let scenario = try ScenarioFile.parse(
            """
            tap-scenario: 1
            name: door
            title: A door that opens and closes
            for: 1s
            lines:
              - {name: DOOR, wave: square, period: 200ms}
            """, file: "door.yaml")
        #expect(scenario.lines.map(\.name) == ["DOOR"])

        let output = MemoryOutput()
        var options = SessionOptions(version: "1.0")
        options.speed = .max
        options.duration = .seconds(1)
        var plan = SessionPlan(scenario, options: options)
        plan.consumers = [MergedConsumer("text") { header in TextWriter(header, to: ByteWriter(output)) }]
        let session = Session(plan)
        try session.open()
        let result = try session.run()
        #expect(result.sources.map(\.edges) == [10])
        #expect(output.text.split(separator: "\n").count { $0.contains("DOOR") } >= 10)
    }

    @Test func `a board`() throws {
        let board = try BoardFile.parse(
            """
            tap-board: 1
            name: bench
            title: A chip that the kernel emulates
            provenance: emulated-kernel
            chips:
              - {label: gpio-sim, lines: 8}
            lines:
              - {name: DOOR, chip: gpio-sim, offset: 3, bias: pull-up}
            """, file: "bench.yaml")
        let lines = try board.selectLines(named: ["DOOR"])
        #expect(lines.count == 1)
        #expect(board.lines.map(\.name) == ["DOOR"])
    }

    @Test func `a site`() throws {
        let site = try SiteFile.parse(
            """
            tap-site: 1
            name: door
            title: A door
            signals:
              DOOR: {role: feedback, high: closed}
            """, file: "door.yaml")
        #expect(site.signals.map(\.name) == ["DOOR"])
    }
}
