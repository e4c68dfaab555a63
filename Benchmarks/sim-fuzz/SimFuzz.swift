import Glibc
import TapFuzz

/// The fuzz harness without the rest of tap: what scripts/check-fuzz builds again for each bug that it plants.
///
/// usage: sim-fuzz FROM SEEDS     stops at the first seed that is not clean, with status 1
@main
struct SimFuzz {
    static func main() {
        let numbers = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
        guard numbers.count == 2 else {
            print("usage: sim-fuzz FROM SEEDS")
            exit(64)
        }
        for seed in numbers[0]..<numbers[0] + numbers[1] {
            guard let violation = Fuzz.run(seed: seed).violations.first else { continue }
            print("seed \(seed): \(violation)")
            exit(1)
        }
    }
}
