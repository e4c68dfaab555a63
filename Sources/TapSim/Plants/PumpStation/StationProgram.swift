import TapConfig
import TapCore

/// The station's PLC program: duty and standby pump in turn, start and stop levels, the second pump at high level,
/// alarms, dry-run interlock, feedback monitoring.
struct StationProgram: ControlProgram {
    struct PumpInputs: Sendable, BitwiseCopyable {
        var feedback = false
        var auto = false
        var hand = false
        var ready = false
        var overload = false
    }

    struct Inputs: Sendable {
        var pumps: InlineArray<2, PumpInputs> = .init(repeating: PumpInputs())
        var highFloat = false
        /// Up: the low level is reached.
        var lowFloat = false
        var supply = true
        var level_m = 0.0
        /// The transmitter's current is one of measurement (NAMUR NE 43).
        var isLevelValid = true
        var flow_m3ps = 0.0
        var pressure_Pa = 0.0
        var current1_A = 0.0
        var current2_A = 0.0
        var pulses = 0
    }

    struct Outputs: Sendable {
        var commands: InlineArray<2, Bool> = .init(repeating: false)
        var siren = false
    }

    struct PumpState: Sendable {
        var command = false
        var hasFailed = false
        var starts = 0
        fileprivate var since: UInt64 = 0
        /// When command and feedback began to differ; nil: they agree.
        fileprivate var differsSince: UInt64?
        /// Started or stopped from the HMI; nil: by the program.
        var remote: Bool?
        /// What the last scan of a manipulated program made of the command.
        var override: Bool?
    }

    static var safeOutputs: Outputs { Outputs() }

    /// As set; an attack on a parameter moves them in place.
    var settings: PumpStation.Settings
    /// The transmitter is being worked on: the level is that from before, and the floats alone start and stop.
    var isLevelHeld = false
    var isDryRunBypassed = false
    var pumps: InlineArray<2, PumpState> = .init(repeating: PumpState())

    private(set) var inputs = Inputs()
    private(set) var level_m = 0.0
    private(set) var isHigh = false
    private(set) var isDry = false
    private(set) var isLevelDoubtful = false
    private(set) var siren = false
    private var isMuted = false
    /// Which pump leads next.
    private(set) var duty = 0
    private var needsLead = false
    private var needsLag = false
    private var highSince: UInt64?
    private var clearSince: UInt64?
    private var wetSince: UInt64?
    private var doubtSince: UInt64?
    private var sirenSince: UInt64?
    private var supplySince: UInt64 = 0

    private static let second: UInt64 = 1_000_000_000
    /// After the supply returns, and between two starts of one pump.
    private static let restartDelay = 5 * second
    private static let sirenLimit = 180 * second

    init(_ settings: PumpStation.Settings) { self.settings = settings }

    mutating func restart(at time: UInt64) {
        let fresh = StationProgram(settings)
        let held = isLevelHeld
        let bypassed = isDryRunBypassed
        let counts = (pumps[0].starts, pumps[1].starts)
        self = fresh
        // Retained through a stop.
        isLevelHeld = held
        isDryRunBypassed = bypassed
        pumps[0].starts = counts.0
        pumps[1].starts = counts.1
        supplySince = time
        pumps[0].since = time
        pumps[1].since = time
    }

    /// Mode of a pump as its selector stands: 0 off, 1 auto, 2 hand.
    func mode(_ pump: Int) -> Int { inputs.pumps[pump].hand ? 2 : inputs.pumps[pump].auto ? 1 : 0 }

    /// Of the station: 0 auto, 1 maintenance, 2 dry, 3 no pump.
    var mode: Int {
        if isLevelHeld { return 1 }
        if isDry { return 2 }
        return isAvailable(0) || isAvailable(1) ? 0 : 3
    }

    /// Until the next alarm.
    mutating func muteSiren() { isMuted = isHigh }

    mutating func reset(_ pump: Int) { pumps[pump].hasFailed = false }

    mutating func scan(_ inputs: Inputs, at time: UInt64) -> Outputs {
        self.inputs = inputs
        if !inputs.supply { supplySince = time }
        if !isLevelHeld, inputs.isLevelValid { level_m = max(0, inputs.level_m) }
        monitor(0, time)
        monitor(1, time)
        alarms(time)
        demand()
        command(time)
        var outputs = Outputs()
        outputs.commands[0] = pumps[0].command
        outputs.commands[1] = pumps[1].command
        outputs.siren = siren
        return outputs
    }

    /// The floats alone start and stop while it is not.
    private var isLevelSeen: Bool { !isLevelHeld && inputs.isLevelValid }

    private func isAvailable(_ pump: Int) -> Bool {
        let field = inputs.pumps[pump]
        return field.auto && field.ready && !field.overload && !pumps[pump].hasFailed
    }

    /// Command and feedback; a pump in hand, without supply or stopped on the spot may differ.
    private mutating func monitor(_ pump: Int, _ time: UInt64) {
        let field = inputs.pumps[pump]
        if field.overload { pumps[pump].hasFailed = true }
        let isExcused =
            !field.auto || !field.ready || field.overload
            || time - supplySince < StationProgram.restartDelay / 2
        guard field.feedback != pumps[pump].command, !isExcused else {
            pumps[pump].differsSince = nil
            return
        }
        let since = pumps[pump].differsSince ?? time
        pumps[pump].differsSince = since
        if time - since > UInt64(settings.feedbackTimeout.count) { pumps[pump].hasFailed = true }
    }

    private mutating func alarms(_ time: UInt64) {
        let second = StationProgram.second
        let isUp = inputs.highFloat || (isLevelSeen && level_m >= settings.highAlarm_m)
        isHigh = isUp ? time - since(&highSince, time) >= 2 * second || isHigh : isHigh
        if isUp {
            clearSince = nil
        } else {
            highSince = nil
            if time - since(&clearSince, time) >= 5 * second { isHigh = false }
        }
        if inputs.lowFloat, !isDryRunBypassed {
            isDry = true
            wetSince = nil
        } else if time - since(&wetSince, time) >= 30 * second || isDryRunBypassed {
            isDry = false
        }
        let differ = inputs.highFloat ? level_m < settings.highAlarm_m - 0.5 : level_m > settings.highAlarm_m + 0.7
        if !inputs.isLevelValid {
            isLevelDoubtful = true
        } else if differ, !isLevelHeld {
            isLevelDoubtful = time - since(&doubtSince, time) >= 30 * second || isLevelDoubtful
        } else {
            doubtSince = nil
            isLevelDoubtful = false
        }
        if isHigh {
            siren = !isMuted && time - since(&sirenSince, time) < StationProgram.sirenLimit
        } else {
            sirenSince = nil
            isMuted = false
            siren = false
        }
    }

    private func since(_ start: inout UInt64?, _ time: UInt64) -> UInt64 {
        if let start { return start }
        start = time
        return time
    }

    private mutating func demand() {
        if isDry {
            needsLead = false
            needsLag = false
        } else if inputs.highFloat {
            needsLead = true
            needsLag = true
        } else if isLevelSeen {
            if level_m >= settings.start_m { needsLead = true }
            if level_m >= settings.lag_m { needsLag = true }
            if level_m <= (settings.start_m + settings.stop_m) / 2 { needsLag = false }
            if level_m <= settings.stop_m {
                if needsLead { duty = 1 - duty }
                needsLead = false
                needsLag = false
            }
        }
    }

    private mutating func command(_ time: UInt64) {
        let lead = isAvailable(duty) ? duty : 1 - duty
        for pump in 0..<2 {
            let age = time - pumps[pump].since
            var isOn = isAvailable(pump) && (pump == lead ? needsLead : needsLag)
            if let remote = pumps[pump].remote { isOn = remote && isAvailable(pump) && !isDry }
            if pumps[pump].command {
                // What has just been started runs on.
                let mustRun = pumps[pump].remote == nil && age < UInt64(settings.minimumRun.count)
                if mustRun, isAvailable(pump), !isDry { isOn = true }
            } else if isOn {
                let wait = StationProgram.restartDelay * (pump == lead ? 1 : 2)
                if time - supplySince < wait || (age < StationProgram.restartDelay && pumps[pump].starts > 0) {
                    isOn = false
                }
            }
            if !inputs.supply { isOn = false }
            if let forced = pumps[pump].override { isOn = forced }
            guard isOn != pumps[pump].command else { continue }
            pumps[pump].command = isOn
            pumps[pump].since = time
            if isOn { pumps[pump].starts += 1 }
        }
    }
}
