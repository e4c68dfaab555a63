import Glibc
import TapConfig
import TapCore
import TapWatch

/// How many edges, and how many scans, a second of processor time a watch takes where each meets ten rules or conditions.
///
/// One line toggles at a steady rate; each of ten rules of usual kinds (command without feedback, feedback without command,
/// guarded, ahead of time, two windows) names it. Scans of one channel, in blocks of several lengths, meet ten thresholds, and
/// ten of which half look back (hull of a claim, steady, change, integral, jump). A JSON object a line.
@main
struct WatchBench {
    private final class Counter: VerdictSink {
        var count = 0
        func verdict(rule: Int, from time: Int64, _ truth: Truth) { count += 1 }
    }

    private static func window(_ length_ms: Int64) -> FormulaWindow { FormulaWindow(upTo: .milliseconds(length_ms)) }

    private static func rule(_ number: Int64) -> Formula {
        let (command, feedback, ready) = (Formula.atom("command"), Formula.atom("feedback"), Formula.atom("ready"))
        let unanswered = Formula.and(
            .historically(window(150 + number), command), .historically(window(150 + number), .not(feedback)))
        return switch number % 5 {
        case 0: unanswered
        case 1: .historically(window(200 + number), .and(command, .not(ready)))
        case 2: .and(.historically(window(2000 + number), ready), unanswered)
        case 3: .implies(command, .eventually(window(100 + number), feedback))
        default: .and(.historically(window(500 + number), .or(command, ready)), .once(window(1000 + number), feedback))
        }
    }

    static func main() throws {
        for looksBack in [false, true] {
            for count in [1, 10, 100] { try scans(looksBack: looksBack, block: count) }
        }
        edges()
    }

    private static func edges() {
        let edges = 2_000_000
        for step: Int64 in [1_000_000, 100_000] {
            let counter = Counter()
            var watch = Watch((0..<10).map { rule($0) }, start: 0, sink: counter)
            for atom in watch.atoms.indices { watch.set(atom, .true, at: 0) }
            let began = clock()
            for number in 1...edges {
                let time = Int64(number) * step
                watch.set(0, Truth(number % 2 == 0), at: time)
                if number % 1000 == 0 { watch.close(upTo: time) }
            }
            let took_s = Double(clock() - began) / Double(CLOCKS_PER_SEC)
            print(
                "{\"rules\": 10, \"from_edge_to_edge_ns\": \(step), \"edges_per_s\": \(Int(Double(edges) / took_s)), "
                    + "\"verdicts\": \(counter.count), \"lost\": \(watch.lost)}")
        }
    }

    private static let head = """
        tap-site: 1
        name: s
        title: S
        signals: {LT: {role: measurement, unit: m, accuracy: 0.02 m, fastest: 100 m/s}}

        """

    /// - Parameter looksBack: half of the conditions rest on what was, so that each scan counts.
    private static func site(looksBack: Bool) -> String {
        let plain = (0..<(looksBack ? 5 : 10)).map { "  t\($0): {always: LT < \($0 + 2) m}\n" }.joined()
        guard looksBack else { return head + "rules:\n" + plain }
        return head + "claims: {hmi: {every: 1s, late: 150ms, tags: {L: {is: mm, of: LT}}}}\nrules:\n" + plain
            + "  s: {never: LT steady 10s}\n  j: {never: LT jumps}\n  c: {never: \"change(LT, 2min) > 9 m\"}\n"
            + "  i: {never: \"integral(LT, 2min) > 900 m * 1 s\"}\n"
    }

    private static func scans(looksBack: Bool, block count: Int) throws(ConfigurationErrors) {
        let site = try SiteFile.parse(site(looksBack: looksBack), file: "bench")
        let rules = SiteCompiler.formulas(of: site)
        let atoms = Dictionary(rules.flatMap { Array($0.atoms) }, uniquingKeysWith: { first, _ in first })
        let channel = ChannelInfo(
            name: "LT", channel: "voltage0", unit: "m", byteOffset: 0,
            format: ScanFormat(isBigEndian: false, isSigned: false, bits: 16, storageBits: 16), offset: 0, scale: 0.0001
        )
        let device = DeviceInfo(
            id: DeviceID(0), name: "adc", method: .simulated, isTimestamped: true, rate_hz: 1000, bytesPerScan: 2,
            channels: [channel])
        let source = SourceInfo(
            name: "s", provenance: .simulated, clock: ClockDomain(.virtual), capabilities: [.scans], devices: [device],
            tags: [TagInfo(id: TagID(0), name: "L", source: "hmi")])
        let header = SessionHeader(version: "1", board: "b", origin: .zero, fix: nil, kernel: "", sources: [source])
        let counter = Counter()
        var table = SignalTable(
            header, site, atoms: atoms, Watch(rules.map(\.formula), start: 0, sink: counter))
        // A level of 1.5 m that wanders by a centimetre, and passes 2 m each minute.
        var state: UInt32 = 1
        let all = 2_000_000
        var bytes = [UInt8](repeating: 0, count: 2 * 60_000)
        for scan in 0..<60_000 {
            state = state &* 1_664_525 &+ 1_013_904_223
            let raw = 15_000 + Int(state >> 24) % 100 + (scan > 55_000 ? 8_000 : 0)
            bytes[2 * scan] = UInt8(raw & 255)
            bytes[2 * scan + 1] = UInt8(raw >> 8)
        }
        let began = clock()
        var done = 0
        while done < all {
            let place = done % 60_000
            let some = min(count, 60_000 - place)
            let block = ScanBlock(
                device: DeviceID(0), firstTime: Timestamp(nanoseconds: UInt64(done) * 1_000_000),
                period: .milliseconds(1),
                count: some, bytesPerScan: 2, sequence: UInt64(done), stamps: .exact, uncertainty: .zero)
            // The array is lent for the call.
            unsafe bytes.withUnsafeBytes {
                unsafe table.scans(block, raw: $0.bytes.extracting(2 * place..<2 * (place + some)))
            }
            done += some
            table.close(upTo: Timestamp(nanoseconds: UInt64(done - 1) * 1_000_000))
        }
        let took_s = Double(clock() - began) / Double(CLOCKS_PER_SEC)
        print(
            "{\"conditions\": 10, \"look_back\": \(looksBack ? 5 : 0), \"scans_in_a_block\": \(count), "
                + "\"scans_per_s\": \(Int(Double(all) / took_s)), \"verdicts\": \(counter.count)}")
    }
}
