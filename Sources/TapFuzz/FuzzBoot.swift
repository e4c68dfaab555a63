import TapConfig
import TapCore
import TapSim

/// A scenario from one start of the machine to its end, times counted from the start.
struct FuzzBoot: Sendable {
    let scenario: FuzzScenario
    let number: UInt64
    let length: Nanoseconds
    /// The machine was cut off: nothing was stopped.
    let isCut: Bool
    let faults: [Fault]
    let lines: [FuzzScenario.Line]
    let wallClock: WallClock
    var plan: FaultPlan { FaultPlan(faults) }
    var bootID: BootID { BootID(high: scenario.seed, low: number) }

    init(_ scenario: FuzzScenario, from: Nanoseconds, to: Nanoseconds, isCut: Bool) {
        self.scenario = scenario
        self.isCut = isCut
        number = from == .zero ? 0 : 1
        length = to - from
        faults = scenario.faults.compactMap { fault in
            var fault = fault
            guard fault.name != .reboot, fault.at >= from, fault.at < to else { return nil }
            fault.at = fault.at - from
            fault.lasting = min(fault.lasting, to - from - fault.at)
            return fault
        }
        // Wires know nothing of boots.
        let (begin, end) = (UInt64(from.count), UInt64(to.count))
        lines = scenario.lines.map { line in
            var line = line
            let before = line.changes.count { $0 <= begin }
            if before % 2 == 1 { line.startsHigh.toggle() }
            line.changes = line.changes.filter { $0 > begin && $0 < end }.map { $0 - begin }
            return line
        }
        let clock = FaultPlan(scenario.faults).wallClock(epoch: scenario.epoch)
        wallClock = FaultPlan(faults).wallClock(epoch: clock.utc(at: .zero + from).nanoseconds)
    }
}
