import Glibc
import TapConfig
import TapCore
import TapSim

/// What the pump station costs: alone (water, PLC, HMI and their claims), and with its default wiring through
/// front ends, converters with noise, ring and merge.
///
/// Processor time, not the wall's: other programs on the machine do not count. Fails if anything was lost.
@main
enum PlantBench {
    static func main() throws {
        let isSmall = CommandLine.arguments.dropFirst().contains("--small")
        let hours: UInt64 = isSmall ? 1 : 24
        for round in 1...(isSmall ? 1 : 5) as ClosedRange<UInt64> {
            var told = 0
            let alone = processorTime { told = PlantBench.alone(seed: round, hours: hours) }
            report("alone", alone, hours, "\(told) notes")
            let start = clock()
            let wired = try Wired(seed: round, span: .seconds(Int64(hours) * 3_600))
            let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
            report("with wires", seconds, hours, "\(wired.edges) edges, \(wired.scans) scans, \(wired.notes) notes")
            guard wired.gaps == 0, wired.scans >= Int(hours) * 360_000 - 100 else {
                print("lost: \(wired.gaps) gaps, \(wired.scans) scans")
                exit(1)
            }
        }
    }

    private static func alone(seed: UInt64, hours: UInt64) -> Int {
        var plant = PumpStationPlant(PumpStation(), seed: seed)
        var told = 0
        for second in 1...(hours * 3_600) {
            plant.advance(to: Timestamp(nanoseconds: second * 1_000_000_000))
            told += plant.takeNotes().count
            plant.signals.forget(before: second * 1_000_000_000)
        }
        return told
    }

    private static func processorTime(_ work: () -> Void) -> Double {
        let start = clock()
        work()
        return Double(clock() - start) / Double(CLOCKS_PER_SEC)
    }

    private static func report(_ name: String, _ seconds: Double, _ hours: UInt64, _ told: String) {
        let steps = Double(hours) * 3_600 * 50
        print(
            "\(name): \(hours) h, \(Int(seconds * 1e9 / steps)) ns a step of 20 ms, "
                + "\(Int(Double(hours) * 3_600 / seconds)) times real time, \(told)")
    }
}
