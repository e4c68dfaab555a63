import TapConfig
import TapConformance
import TapCore
import TapSim
import Testing

/// A simulated converter behind a simulated kernel.
@Suite
struct SimScanTests {
    /// Each scan says its number, in 16 bits.
    private final class Counting: ScanFeed {
        func append(scan number: UInt64, to raw: inout [UInt8]) {
            raw.append(UInt8(truncatingIfNeeded: number))
            raw.append(UInt8(truncatingIfNeeded: number >> 8))
        }
    }

    private struct Stop: RecordSink {
        var blocks: [(block: ScanBlock, numbers: [Int])] = []
        var gaps: [Gap] = []
        mutating func edge(_ edge: Edge) {}
        mutating func event(_ event: Event) { if case .gap(let gap) = event { gaps.append(gap) } }
        mutating func scans(_ block: ScanBlock, raw: RawSpan) {
            let numbers = (0..<block.count).map { index in
                let bytes = (0..<2).map {
                    unsafe raw.unsafeLoad(fromByteOffset: index * block.bytesPerScan + $0, as: UInt8.self)
                }
                return Int(bytes[0]) | Int(bytes[1]) << 8
            }
            blocks.append((block, numbers))
        }
    }

    private struct Result {
        var blocks: [(block: ScanBlock, numbers: [Int])]
        var gaps: [Gap]
        var numbers: [Int] { blocks.flatMap(\.numbers) }
    }

    /// A converter of 1,000 scans a second for a second.
    private func run(
        _ method: DeviceInfo.Method = .buffered, isTimestamped: Bool = true, rate_hz: Double = 1_000,
        seconds: Int64 = 1,
        buffer: Int = 64, stall: ClosedRange<Int64>? = nil, _ change: (inout ConverterConditions) -> Void = { _ in }
    ) -> Result {
        let device = DeviceInfo(
            id: DeviceID(0), name: "adc", method: method, isTimestamped: isTimestamped, rate_hz: rate_hz,
            bytesPerScan: isTimestamped ? 16 : 2, channels: [])
        var settings = SimScanSource.Settings(device)
        settings.model = KernelModel.Converter(
            bufferLength: buffer, trigger: KernelModel.Delay(.zero, jitter: .microseconds(2)))
        var conditions = ConverterConditions()
        change(&conditions)
        let clock = VirtualClock()
        let source = SimScanSource(settings, feed: Counting(), conditions: conditions, seed: 3, clock: clock)
        let capture = CaptureStage(source, ringCapacity: 1 << 14, lines: 0..<0, devices: 0..<1)
        let stalled = StalledStage(capture, stall)
        // A ring is read once it is open.
        do throws(TapError) { try capture.open(at: .zero) } catch { Issue.record("\(error)") }
        let merge = MergeStage([capture.makeInput()], into: Stop())
        StepDriver(clock: clock, sources: [stalled], consumers: [merge]).run(until: .zero + .seconds(seconds))
        return merge.withSink { Result(blocks: $0.blocks, gaps: $0.gaps) }
    }

    /// A stage that is not stepped between two times, in milliseconds.
    private final class StalledStage: Stage {
        let stage: any Stage
        let stall: ClosedRange<Int64>?
        init(_ stage: any Stage, _ stall: ClosedRange<Int64>?) {
            self.stage = stage
            self.stall = stall
        }
        var name: String { stage.name }
        var failure: TapError? { stage.failure }
        var progress: UInt64 { stage.progress }
        func start(at now: Timestamp) -> Wake { stage.start(at: now) }
        func step(at now: Timestamp) -> Wake {
            if let stall, now >= .zero + .milliseconds(stall.lowerBound), now < .zero + .milliseconds(stall.upperBound)
            {
                return .at(.zero + .milliseconds(stall.upperBound))
            }
            return stage.step(at: now)
        }
        func requestStop() { stage.requestStop() }
    }

    private func span(_ from_ms: Int64, _ to_ms: Int64) -> KernelConditions.Span {
        KernelConditions.Span(from: .zero + .milliseconds(from_ms), to: .zero + .milliseconds(to_ms))
    }

    @Test func `every scan comes once, with its time to the trigger's jitter`() {
        let result = run()
        #expect(result.numbers == Array(0..<1_000) || result.numbers == Array(0...1_000))
        #expect(result.gaps == [])
        for (block, numbers) in result.blocks {
            let off = block.firstTime - (Timestamp.zero + .milliseconds(Int64(numbers[0])))
            #expect(off >= Nanoseconds.zero && off <= Nanoseconds.microseconds(2))
            #expect(block.uncertainty <= Nanoseconds.microseconds(3))
        }
    }

    @Test func `a full buffer refuses the newest, and times show how many`() {
        // 64 scans wait when the reader comes back after 200 ms.
        let result = run(stall: 300...500)
        let all = Set(result.numbers)
        #expect(result.gaps.map(\.kind) == [.scansMissing])
        let missing = (0..<990).filter { !all.contains($0) }
        #expect(result.gaps.first?.count == .about(UInt64(missing.count)))
        #expect(missing == Array(missing[0]...missing[missing.count - 1]) && missing.count > 100)
        // The oldest were kept: the first that is missing comes a buffer's length after the stall began.
        #expect(missing[0] >= 352 && missing[0] <= 366 && missing[missing.count - 1] <= 501)
    }

    @Test func `without times of their own missing scans cannot be known`() {
        let result = run(isTimestamped: false, stall: 300...500)
        #expect(result.gaps == [])
        #expect(result.numbers.count < 900)
        #expect(result.blocks.allSatisfy { $0.block.stamps == .arrival })
    }

    /// What was left in the buffer is older than the request that it answers.
    @Test func `without times of their own scans are where their uncertainty says, also after a stall`() {
        for stall: ClosedRange<Int64> in [300...330, 300...345, 300...380, 300...700] {
            let result = run(isTimestamped: false, stall: stall)
            for (block, numbers) in result.blocks {
                for (place, number) in numbers.enumerated() {
                    let time = block.firstTime + block.period * Int64(place)
                    let off = abs((time - (Timestamp.zero + .milliseconds(Int64(number)))).count)
                    #expect(off <= block.uncertainty.count + 2_000, "stall \(stall), scan \(number)")
                }
            }
            #expect(result.blocks.last.map { $0.block.uncertainty <= .milliseconds(17) } == true)
        }
    }

    @Test func `scans that come faster than the rate says do not run ahead of time`() {
        let result = run(isTimestamped: false) { $0.duplicated.append(span(100, 900)) }
        for (block, numbers) in result.blocks {
            let last = block.firstTime + block.period * Int64(numbers.count)
            // The reader comes 10 ms later at the most.
            #expect(last <= Timestamp.zero + .milliseconds(Int64(numbers[numbers.count - 1]) + 11))
        }
    }

    @Test func `what was taken and not delivered is in the gap`() {
        // Gone within a delivery, whose first half comes.
        let result = run(seconds: 3) { $0.torn.append(span(1_007, 1_300)) }
        #expect(result.gaps.map(\.kind) == [.sourceGone, .sourceBack])
        let before = result.numbers.last { $0 < 1_007 } ?? 0
        #expect(before < 1_006)
        #expect(result.gaps.allSatisfy { $0.from <= Timestamp.zero + .milliseconds(Int64(before) + 1) })
        #expect(result.gaps[0].from == result.gaps[1].from)
    }

    @Test func `triggers that do not come are reported by time`() {
        let result = run { $0.dropped.append(span(200, 230)) }
        #expect(result.gaps.map(\.kind) == [.scansMissing] && result.gaps.first?.count == .about(30))
    }

    @Test func `a scan that comes twice is there twice, and no loss`() {
        let result = run { $0.duplicated.append(span(200, 203)) }
        #expect(result.gaps == [])
        #expect(result.numbers.filter { (199...203).contains($0) } == [199, 200, 200, 201, 201, 202, 202, 203])
    }

    @Test func `a converter that is stuck goes on saying the same`() {
        let result = run { $0.stuck.append(span(200, 205)) }
        #expect(result.gaps == [])
        #expect(Array(result.numbers[198..<207]) == [198, 199, 199, 199, 199, 199, 199, 205, 206])
    }

    @Test func `a converter that goes is reported and taken up again`() {
        let result = run(seconds: 4) { $0.absent.append(span(1_000, 1_700)) }
        #expect(result.gaps.map(\.kind) == [.sourceGone, .sourceBack])
        #expect(result.gaps[0].discovered - (.zero + .seconds(1)) <= .milliseconds(20))
        #expect(result.gaps[1].to - (.zero + .milliseconds(1_700)) <= .milliseconds(1_050))
        let all = Set(result.numbers)
        #expect((2_100..<3_900).allSatisfy { all.contains($0) })
    }

    @Test func `a polled converter is bracketed, and readings that are late are left out`() {
        let result = run(.polled, isTimestamped: false, rate_hz: 100, stall: 300...500)
        #expect(result.gaps == [])
        #expect(result.blocks.allSatisfy { $0.block.stamps == .bracket && $0.block.count == 1 })
        #expect((79...82).contains(result.blocks.count))
        #expect(result.blocks[0].block.uncertainty == .microseconds(50))
    }
}
