import Glibc
import TapConfig
import TapSim

/// The fuzz harness without the rest of tap: what scripts/check-fuzz builds again for each bug that it plants.
///
/// usage: sim-fuzz FROM SEEDS [hash]     stops at the first seed with a violation, with status 1
@main
struct SimFuzz {
    static func main() {
        let numbers = CommandLine.arguments.dropFirst().prefix(2).compactMap { UInt64($0) }
        guard numbers.count == 2 else { preconditionFailure("usage: sim-fuzz FROM SEEDS [hash]") }
        var hash: UInt64 = 0
        var failed = 0
        for seed in numbers[0]..<numbers[0] + numbers[1] {
            let outcome = Fuzz.run(seed: seed)
            hash = hash &* 31 &+ outcome.hash
            guard outcome.violations.isEmpty else {
                print("seed \(seed): \(outcome.violations.count) violations, \(outcome.events) events")
                for line in Fuzz.describe(seed: seed) + outcome.violations.prefix(4) { print("  \(line)") }
                failed += 1
                if failed == 12 { exit(1) }
                continue
            }
        }
        print("\(numbers[1]) seeds, \(String(hash, radix: 16))")
    }
}
