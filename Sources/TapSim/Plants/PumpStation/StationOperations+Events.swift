import TapConfig
import TapCore

/// An event is a label and some actions.
extension StationOperations {
    /// After the power is back.
    private static let plcBoot = 15 * second
    private static let hmiBoot = 90 * second

    /// - Returns: false: it is the fault that does not happen.
    @discardableResult
    mutating func label(
        _ name: String, _ from: UInt64, _ to: UInt64, _ truth: String, isFault: Bool = false
    ) -> Bool {
        let label = Label(
            kind: isFault ? .fault : .operation, name: name, from: Timestamp(nanoseconds: from),
            to: Timestamp(nanoseconds: to), truth: truth)
        guard label != parameters.absent else { return false }
        agenda.add(.label(label), at: from)
        return true
    }

    mutating func schedule(_ event: PumpStation.Event) {
        let from = UInt64(event.at.count)
        let to = from + UInt64(event.duration.count)
        let pump = event.pump - 1
        let name = "P\(event.pump)"
        guard
            label(event.what.rawValue, from, to, StationOperations.truth(event, name), isFault: event.what.isFault)
        else { return }
        switch event.what {
        case .handMode:
            // Through off: the selector takes a moment.
            agenda.add(.selector(pump: pump, auto: false, hand: false), at: from)
            agenda.add(.selector(pump: pump, auto: false, hand: true), at: min(to, from + 400_000_000))
            agenda.add(.selector(pump: pump, auto: false, hand: false), at: to - min(to - from, 300_000_000))
            agenda.add(.selector(pump: pump, auto: true, hand: false), at: to)
        case .localStop:
            agenda.add(.stopChain(pump: pump, isClosed: false), at: from)
            agenda.add(.stopChain(pump: pump, isClosed: true), at: to)
        case .lockout:
            agenda.add(.selector(pump: pump, auto: false, hand: false), at: from)
            agenda.add(.stopChain(pump: pump, isClosed: false), at: from + (to - from) / 20)
            agenda.add(.stopChain(pump: pump, isClosed: true), at: to - (to - from) / 20)
            agenda.add(.selector(pump: pump, auto: true, hand: false), at: to)
        case .programDownload:
            agenda.add(.plc(isRunning: false), at: from)
            agenda.add(.plc(isRunning: true), at: to)
        case .sensorCalibration:
            calibrate(from, to)
        case .parkedCalibration:
            for pump in 0..<2 { agenda.add(.selector(pump: pump, auto: false, hand: false), at: from) }
            calibrate(from + (to - from) / 12, to - (to - from) / 12)
            for pump in 0..<2 { agenda.add(.selector(pump: pump, auto: true, hand: false), at: to) }
        case .loopOpen, .loopShorted:
            // 3.6 and 21 mA (NAMUR NE 43).
            let share = event.what == .loopOpen ? -0.025 : 1.0625
            agenda.add(.transmitter(level_m: parameters.well.depth_m * share), at: from)
            agenda.add(.transmitter(level_m: nil), at: to)
        case .floatTest:
            agenda.add(.liftFloat(true), at: from)
            agenda.add(.liftFloat(false), at: to)
        case .controlSupplyLost:
            agenda.add(.controlSupply(false), at: from)
            agenda.add(.controlSupply(true), at: to)
        case .powerCut:
            agenda.add(.power(false), at: from)
            agenda.add(.power(true), at: to)
            agenda.add(.plcBoots, at: to + StationOperations.plcBoot)
            agenda.add(.hmiRuns(true), at: to + StationOperations.hmiBoot)
        case .hmiRestart:
            agenda.add(.hmiRuns(false), at: from)
            agenda.add(.hmiRuns(true), at: to)
        case .clockSet:
            // Whole minutes, as a hand sets them; ahead more often than back.
            let minutes = [2, 5, -3, 58][Int(event.at.count / 1_000_000_000 % 4)]
            agenda.add(.clock(aheadBy: .seconds(Int64(60 * minutes))), at: from)
            agenda.add(.clock(aheadBy: .zero), at: to)
        case .settingChanged:
            agenda.add(.moveSettings(by_m: -0.1), at: from)
            agenda.add(.moveSettings(by_m: 0.1), at: to)
        case .remoteRun:
            agenda.add(.write(.remote(pump, true)), at: from)
            agenda.add(.write(.remote(pump, nil)), at: to)
        case .secondClient:
            agenda.add(.visit(until: to), at: from)
        case .fouling:
            // 0.1 m in the end; then somebody cleans it.
            agenda.add(.fouling(perStep_m: 0.1 / Double(event.duration.count / 20_000_000)), at: from)
            agenda.add(.fouling(perStep_m: 0), at: to)
        case .supplyDip:
            agenda.add(.supply(false), at: from)
            agenda.add(.supply(true), at: to)
        case .rain:
            agenda.add(.rain(event.rain_m3ps), at: from)
            agenda.add(.rain(0), at: to)
        case .lostPhase, .checkValveLeaking, .checkValveStuck, .floatStuck, .contactorWelded, .rag:
            agenda.add(.fault(event.what, pump: pump, isThere: true), at: from)
            agenda.add(.fault(event.what, pump: pump, isThere: false), at: to)
        }
    }

    /// The PLC holds the level; 4, 12 and 20 mA for a quarter of the time each; then the transmitter is back.
    private mutating func calibrate(_ from: UInt64, _ to: UInt64) {
        let depth = parameters.well.depth_m
        let quarter = (to - from) / 8 * 2
        agenda.add(.hold(true), at: from)
        for (index, share) in [0, 0.5, 1].enumerated() {
            agenda.add(.transmitter(level_m: depth * share), at: from + quarter / 2 + quarter * UInt64(index))
        }
        agenda.add(.transmitter(level_m: nil), at: to - quarter / 4)
        agenda.add(.hold(false), at: to)
    }

    private static func truth(_ event: PumpStation.Event, _ pump: String) -> String {
        switch event.what {
        case .handMode: "\(pump) runs by its selector, without the PLC"
        case .localStop: "\(pump) is stopped at the pump, whatever the PLC commands"
        case .lockout: "\(pump) is switched off and its isolator locked"
        case .programDownload: "the PLC is stopped for a download: outputs off, no answer to the HMI"
        case .sensorCalibration: "LT1 says 4, 12 and 20 mA, not the level; the PLC holds the level from before"
        case .supplyDip: "the contactors' supply is gone; they drop out and are started again one by one"
        case .rain:
            "rain adds up to \(Int((event.rain_m3ps * 1_000).rounded())) l/s to the inflow, and runs off afterwards"
        case .lostPhase: "\(pump)'s motor has two phases of three"
        case .checkValveLeaking: "\(pump)'s check valve leaks while it stands"
        case .checkValveStuck: "\(pump)'s check valve stays open"
        case .floatStuck: "LSH stays as it is, whatever the level"
        case .contactorWelded: "\(pump)'s main contacts do not open"
        case .parkedCalibration: "both pumps are switched off, then LT1 says 4, 12 and 20 mA, not the level"
        case .floatTest: "LSH is lifted by hand, whatever the level"
        case .secondClient: "somebody's hand-held client asks the PLC too"
        case .controlSupplyLost: "the control supply is gone, and all inputs of its group with it"
        case .powerCut: "the whole site is without power; the PLC is back 15 s after it, the HMI after 90 s"
        case .hmiRestart: "the HMI is started again, and asks nothing meanwhile"
        case .clockSet: "the HMI's clock is set wrong by hand, and put right at the end"
        case .settingChanged: "an operator changes a set point at the HMI, and changes it back at the end"
        case .remoteRun: "an operator starts and stops \(pump) from the HMI"
        case .loopOpen: "LT1 says 3.6 mA: its transmitter has failed"
        case .loopShorted: "LT1 says 21 mA: its transmitter has failed"
        case .fouling: "LT1 drifts away from the level by 0.1 m, until it is cleaned"
        case .rag: "something is wound round \(pump)'s impeller: more current, less water"
        }
    }
}
