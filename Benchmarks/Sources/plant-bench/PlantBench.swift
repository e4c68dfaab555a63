import Glibc
import TapConfig
import TapCore
import TapSim

/// How much processor time the pump station takes by itself: water, PLC, HMI and what it tells; no wires, no rings.
///
/// Processor time, not the wall's: other programs on the machine do not count.
@main
enum PlantBench {
    static func main() {
        let isSmall = CommandLine.arguments.dropFirst().contains("--small")
        let hours: UInt64 = isSmall ? 1 : 24
        var plant = PumpStationPlant(PumpStation(), seed: 1)
        var time: UInt64 = 0
        for _ in 0..<(isSmall ? 1 : 5) {
            var told = 0
            let start = clock()
            let end = time + hours * 3_600_000_000_000
            while time < end {
                time += 1_000_000_000
                plant.advance(to: Timestamp(nanoseconds: time))
                told += plant.takeNotes().count
                plant.signals.forget(before: time)
            }
            let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
            let steps = Double(hours) * 3_600 * 50
            print(
                "\(hours) h: \((seconds * 1e9 / steps).rounded()) ns a step of 20 ms, "
                    + "\((Double(hours) * 3_600 / seconds).rounded()) times real time, \(told) notes")
        }
    }
}
