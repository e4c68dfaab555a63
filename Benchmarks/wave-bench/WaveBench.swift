import Glibc
import TapConfig
import TapCore
import TapFormats
import TapSim

/// How many simulated edges go through rings and merge in a second: three sources, one thread, virtual time, every
/// record into a digest. Fails if an edge is lost.
///
/// Processor time, not the wall's: other programs on the machine do not count.
@main
enum WaveBench {
    static func main() {
        let isSmall = CommandLine.arguments.dropFirst().contains("--small")
        var rates: [Double] = []
        var digests: Set<String> = []
        for _ in 0..<(isSmall ? 1 : 9) {
            let run = Run(length: isSmall ? .milliseconds(200) : .seconds(4))
            rates.append(run.rate)
            digests.insert(run.digest)
            guard run.isComplete else {
                print("edges were lost: \(run.edges) of \(run.wanted)")
                exit(1)
            }
        }
        guard digests.count == 1 else {
            print("runs of one scenario differ: \(digests.sorted())")
            exit(1)
        }
        rates.sort()
        func millions(_ rate: Double) -> String { Words.digits(rate / 1e6, 3) }
        print(
            "three sources, rings, merge, digest: \(millions(rates[rates.count / 2])) million edges/s "
                + "(\(millions(rates[0])) to \(millions(rates[rates.count - 1]))), nothing dropped, "
                + "digest \(digests.first ?? "")")
    }
}

/// One run of three sources.
private struct Run {
    var edges: UInt64 = 0
    let wanted: UInt64
    let rate: Double
    let digest: String

    var isComplete: Bool { edges == wanted }

    private static let waves = [
        PulseTrain(period: .microseconds(2), width: .microseconds(1)),
        PulseTrain(phase: Nanoseconds(300), period: .microseconds(3), width: .microseconds(1)),
        PulseTrain(
            phase: Nanoseconds(1), period: .microseconds(10), pulses: 3, width: .microseconds(1),
            spacing: .microseconds(2)),
    ]

    init(length: Nanoseconds) {
        var wanted: UInt64 = 0
        let stages = Run.waves.enumerated().map { index, wave in
            let scenario = Scenario(name: "bench", lines: [ScenarioLine(name: "L\(index)", wave: .pulses(wave))])
            let source = SimSource(scenario, firstLine: LineID(UInt16(index)), tick: .milliseconds(100))
            return CaptureStage(
                source, ringCapacity: 1 << 16, lines: UInt16(index)..<UInt16(index + 1), devices: 0..<0,
                whenFull: .wait)
        }
        // Of the waves, computed: rising ones at phase + k x spacing, those at time zero being the first level.
        for wave in Run.waves {
            var time = wave.phase
            while time <= length {
                for pulse in 0..<Int64(wave.pulses) {
                    let rise = time + wave.spacing * pulse
                    if rise > .zero, rise <= length { wanted += 1 }
                    if rise + wave.width <= length { wanted += 1 }
                }
                time = time + wave.period
            }
        }
        do throws(TapError) { for stage in stages { try stage.open(at: .zero) } } catch { fatalError("\(error)") }
        let header = SessionHeader(
            version: "", board: "bench", origin: .zero, fix: nil, kernel: "", sources: stages.map(\.info))
        let null = unsafe open("/dev/null", O_WRONLY)
        let sink = Counter(DigestWriter(header, to: ByteWriter(DescriptorOutput(null, name: "/dev/null"))))
        let merge = MergeStage(stages.map { $0.makeInput() }, into: sink, tick: .milliseconds(100))
        let start = clock()
        StepDriver(clock: VirtualClock(), sources: stages, consumers: [merge]).run(until: .zero + length)
        let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
        close(null)
        (edges, digest) = merge.withSink { ($0.edges, $0.digest.text) }
        self.wanted = wanted
        rate = Double(edges) / seconds
    }
}

private struct Counter: RecordSink, ~Copyable {
    var digest: DigestWriter
    var edges: UInt64 = 0

    init(_ digest: consuming DigestWriter) { self.digest = digest }

    mutating func edge(_ edge: Edge) {
        edges &+= 1
        digest.edge(edge)
    }
    mutating func scans(_ block: ScanBlock, raw: RawSpan) { digest.scans(block, raw: raw) }
    mutating func event(_ event: Event) { digest.event(event) }
}
