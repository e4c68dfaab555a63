import TapConfig
import TapCore

@testable import TapWatch

/// A site watched over records that a test makes: lines A and B, a device with the channels LT and FT (metres as they are, 100 scans
/// a millisecond), and claims of `hmi`.
final class SiteRun {
    private final class Collector: VerdictSink {
        var verdicts: [(rule: Int, time: Int64, truth: Truth)] = []
        func verdict(rule: Int, from time: Int64, _ truth: Truth) { verdicts.append((rule, time, truth)) }
    }

    private static let head = "tap-site: 1\nname: s\ntitle: S\nsignals:\n"
    private static let signals = """
          A: {role: feedback}
          B: {role: feedback, settle: 5us}
          LT: {role: measurement, unit: m, accuracy: 0.25 m, fastest: 100 m/s}
          FT: {role: measurement, unit: m}
        """

    private let collector = Collector()
    private var table: SignalTable
    private let rules: [RuleFormula]

    /// - Parameter site: what follows the signals.
    init(
        _ site: String, signals: String = SiteRun.signals, tags: [TagInfo] = [], clock: (any ClockReader)? = nil,
        rate_hz: Double? = 100_000
    ) throws {
        let parsed = try SiteFile.parse(SiteRun.head + signals + "\n" + site, file: "s")
        rules = SiteCompiler.formulas(of: parsed)
        func channel(_ name: String, _ place: Int) -> ChannelInfo {
            ChannelInfo(
                name: name, channel: name, unit: "m", byteOffset: 8 * place, format: .float(bits: 64), offset: 0,
                scale: 1)
        }
        let device = DeviceInfo(
            id: DeviceID(0), name: "adc", method: .simulated, isTimestamped: true, rate_hz: rate_hz, bytesPerScan: 16,
            channels: [channel("LT", 0), channel("FT", 1)])
        let source = SourceInfo(
            name: "s", provenance: .simulated, clock: ClockDomain(.virtual), capabilities: [.edges, .scans, .claims],
            lines: [LineInfo(id: LineID(0), name: "A"), LineInfo(id: LineID(1), name: "B")], devices: [device],
            tags: tags)
        let header = SessionHeader(
            version: "1", board: "b", origin: .zero, fix: nil, kernel: "", sources: [source])
        let atoms = Dictionary(rules.flatMap { Array($0.atoms) }, uniquingKeysWith: { first, _ in first })
        table = SignalTable(
            header, parsed, atoms: atoms, clock: clock, Watch(rules.map(\.formula), start: 0, sink: collector))
    }

    var unmatched: [String] { table.unmatched }
    var renewals: [String] { table.renewals.map { "\($0.tag) \($0.count)" } }

    private func stamp(_ time: Int) -> Timestamp { Timestamp(nanoseconds: UInt64(time)) }

    func line(_ line: Int, _ isHigh: Bool, at time: Int) {
        let level = Level(
            line: LineID(UInt16(line)), isHigh: isHigh, reason: .first, notBefore: stamp(time), notAfter: stamp(time))
        table.event(.level(level))
    }

    func scans(_ values: [(Double, Double)], from time: Int, each period: Int = 10_000) {
        var bytes: [UInt8] = []
        for (first, second) in values {
            for value in [first, second] {
                for byte in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt64(8 * byte))) }
            }
        }
        let block = ScanBlock(
            device: DeviceID(0), firstTime: stamp(time), period: Nanoseconds(Int64(period)), count: values.count,
            bytesPerScan: 16, sequence: 0, stamps: .exact, uncertainty: .zero)
        // The array is lent for the call.
        unsafe bytes.withUnsafeBytes { unsafe table.scans(block, raw: $0.bytes) }
    }

    func level(_ value: Double, at time: Int) { scans([(value, 0)], from: time) }

    func claim(_ tag: Int, _ value: Claim.Value, at time: Int, _ quality: Claim.Quality = .good) {
        table.event(.claim(Claim(tag: TagID(UInt16(tag)), value: value, quality: quality, time: stamp(time))))
    }

    func note(_ text: String, by author: String = "anna", at time: Int) {
        table.event(.note(Note(time: stamp(time), author: ShortText(author), text: ShortText(text))))
    }

    /// What a finding of that time says of these.
    func values(_ names: [String], at time: Int) -> [String] {
        table.readings.values(of: names, at: Nanoseconds(Int64(time))).map(\.description)
    }

    /// At that time UTC is so many nanoseconds since 1970.
    func fix(_ utc: Int, at time: Int, isSynchronised: Bool = true, error: Int = 0) {
        table.event(
            .clockFix(
                ClockFix(
                    monotonic: stamp(time), utcNanoseconds: UInt64(utc), bracket: .zero,
                    bootID: BootID(high: 0, low: 0), isSynchronised: isSynchronised, sinceSynchronised: nil,
                    kernelMaximumError: Nanoseconds(Int64(error)))))
    }

    func lose(_ subject: Gap.Subject, at time: Int) {
        table.event(
            .gap(
                Gap(.scansMissing, subject, .exactly(1), discovered: stamp(time), from: stamp(time), to: stamp(time))))
    }

    func close(upTo time: Int) { table.close(upTo: stamp(time)) }

    /// Of one rule: `TIME TRUTH`, each time it changed, up to that instant.
    func verdicts(_ rule: String, upTo time: Int) -> [String] {
        close(upTo: time)
        return collector.verdicts.filter { rules[$0.rule].name == rule }.map { "\($0.time) \($0.truth)" }
    }

    /// Of one rule at 0, `step`, and so on.
    func truths(_ rule: String, every step: Int, upTo time: Int) -> [Truth] {
        let own = collector.verdicts.filter { rules[$0.rule].name == rule }.sorted { $0.time < $1.time }
        var (next, truth) = (0, Truth.unknown)
        return stride(from: 0, to: time, by: step).map { now in
            while next < own.count, own[next].time <= now {
                truth = own[next].truth
                next += 1
            }
            return truth
        }
    }
}
