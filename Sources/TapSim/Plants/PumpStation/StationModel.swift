import TapConfig

/// What an attacker who knows the station lets the PLC report: a healthy station that pumps between its set points,
/// consistent in level, flow, volume and current, while the real one departs.
struct StationModel: Sendable {
    private var random: Random
    /// 1 + the error of the attacker's idea of the inflow.
    private let inflowShare: Double
    private let area_m2: Double
    private let outlet_m: Double
    private let friction: Double
    private let resistance: Double
    private let shutOff_m: Double
    private let current_A: Double

    private var lastTime: UInt64?
    private var level_m = 0.0
    private var flow_m3ps = 0.0
    private var volume_m3 = 0.0
    private var running: Int?
    private var duty = 0
    private var starts = (0, 0)

    init(_ parameters: PumpStation, error: Double, random: Random) {
        self.random = random
        inflowShare = 1 + error
        area_m2 = parameters.well.area_m2
        outlet_m = parameters.main.outlet_m
        let pump = parameters.pumps[0]
        friction = parameters.main.friction_s2pm5
        resistance = pump.slope_s2pm5 + friction
        shutOff_m = pump.shutOffHead_m
        current_A = 0.97 * pump.ratedCurrent_A
    }

    /// On to the time of a report.
    ///
    /// - Parameter before: the true report before the attack, from which it begins.
    mutating func step(_ truth: StationReport, _ before: StationReport, at time: UInt64, inflow_m3ps: Double) {
        guard let lastTime else {
            begin(before)
            self.lastTime = time
            return
        }
        let seconds = Double(time - lastTime) * 1e-9
        self.lastTime = time
        let goal =
            running == nil ? 0 : (max(0, shutOff_m - outlet_m + level_m) / resistance).squareRoot()
        flow_m3ps += (goal - flow_m3ps) * seconds / (seconds + 1.6)
        level_m += (inflow_m3ps * inflowShare - flow_m3ps) * seconds / area_m2
        volume_m3 += flow_m3ps * seconds
        if running == nil, level_m >= truth.number(.start) {
            running = duty
            if duty == 0 { starts.0 += 1 } else { starts.1 += 1 }
        } else if let pump = running, level_m <= truth.number(.stop) {
            running = nil
            duty = 1 - pump
        }
    }

    private mutating func begin(_ report: StationReport) {
        level_m = report.number(.level)
        flow_m3ps = report.number(.flow) / 3_600
        volume_m3 = report.number(.volume)
        starts = (Int(report[.starts1]), Int(report[.starts2]))
        running = report[.run1] != 0 ? 0 : report[.run2] != 0 ? 1 : nil
        duty = running ?? (starts.0 > starts.1 ? 1 : 0)
    }

    /// In place of what is true. Set points and selectors stay as they are.
    mutating func write(into report: inout StationReport) {
        let noise = random.unit() - 0.5
        report.set(.level, to: max(0, level_m + 0.006 * noise))
        report.set(.flow, to: max(0, flow_m3ps * 3_600))
        report.set(.volume, to: volume_m3)
        let head = outlet_m + friction * flow_m3ps * flow_m3ps
        report.set(.pressure, to: head * 0.0980665)
        for pump in 0..<2 {
            let isOn = running == pump
            report.set(pump == 0 ? .current1 : .current2, to: isOn ? current_A + 0.2 * noise : 0)
            report[pump == 0 ? .run1 : .run2] = isOn ? 1 : 0
            report[pump == 0 ? .command1 : .command2] = isOn ? 1 : 0
        }
        report[.starts1] = Int32(truncatingIfNeeded: starts.0)
        report[.starts2] = Int32(truncatingIfNeeded: starts.1)
        for tag in [StationTag.siren, .alarmHigh, .alarmDry, .alarmPump1, .alarmPump2, .alarmLevel] { report[tag] = 0 }
        report[.mode] = 0
    }
}
