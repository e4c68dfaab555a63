public import TapConfig
import TapCore
import TapSim

/// Random machines, wires and faults through capture, rings and merge, judged by checkers that know the truth.
public enum Fuzz {
    /// What one seed came to.
    public struct Outcome: Sendable {
        public var seed: UInt64
        /// What is wrong, a sentence each.
        public var violations: [String]
        /// The faults that were brought about.
        public var faults: [Fault]
        public var sources: Int
        public var events: Int
        /// Of everything that came out: FNV-1a over the records' words.
        public var hash: UInt64
    }

    /// Runs a seed in virtual time; blocks for some tens of milliseconds.
    public static func run(seed: UInt64) -> Outcome {
        let scenario = FuzzScenario(seed: seed)
        var outcome = Outcome(
            seed: seed, violations: [], faults: scenario.faults,
            sources: scenario.chips + scenario.converters.count + 1, events: 0, hash: 0xCBF2_9CE4_8422_2325)
        for boot in scenario.boots {
            switch FuzzRun.records(of: boot) {
            case .failure(let error): outcome.violations.append("boot \(boot.number): \(error)")
            case .success(let records):
                outcome.violations += FuzzCheck.violations(boot, records).map { "boot \(boot.number): \($0)" }
                outcome.add(records)
            }
        }
        return outcome
    }

    /// The scenario of a seed, for a person who looks for what went wrong.
    public static func describe(seed: UInt64) -> [String] {
        let scenario = FuzzScenario(seed: seed)
        let lines = scenario.lines.map { "\($0.name) on chip\($0.chip): \($0.changes.count) changes" }
        let converters = scenario.converters.map {
            "\($0.name): \($0.method.rawValue), \(Int($0.rate_hz)) scans/s\($0.isTimestamped ? ", stamped" : "")"
        }
        let faults = scenario.faults.sorted { $0.at < $1.at }.map { fault in
            "\(fault.at.count / 1_000_000) ms: \(fault.effect) at \(fault.place) for \(fault.lasting.count / 1_000_000) ms"
        }
        return ["rings of \(scenario.ring) cells"] + lines + converters + faults
    }
}

extension Fuzz.Outcome {
    fileprivate mutating func add(_ records: FuzzRecords) {
        for item in records.items {
            switch item {
            case .edge(let edge):
                events += 1
                mix(edge.cell.word0)
                mix(edge.cell.word1)
            case .scans(let block, let bytes):
                events += block.count
                mix(block.firstTime.nanoseconds)
                for number in CountingFeed.numbers(block, bytes) { mix(number) }
            case .event(.level(let level)): mix(level.notAfter.nanoseconds << 1 | (level.isHigh ? 1 : 0))
            case .event(.gap(let gap)):
                mix(gap.discovered.nanoseconds ^ gap.count.known << 8 ^ UInt64(gap.kind.rawValue))
            case .event(.reread(let reread)):
                mix(reread.time.nanoseconds ^ UInt64(reread.agreed) << 8 ^ UInt64(reread.failed))
            case .event(.clockFix(let fix)): mix(fix.utcNanoseconds)
            }
        }
    }

    private mutating func mix(_ word: UInt64) { hash = (hash ^ word) &* 0x100_0000_01B3 }
}
