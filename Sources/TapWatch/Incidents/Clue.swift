import TapConfig

/// What a broken rule says of its cause, whatever the installation: its relation, and the role of what it is about.
enum Clue: String, CaseIterable {
    // The screen, against wires.
    case commandShown, feedbackShown, processShown, deviceValueShown, alarmOutputShown, protectionShown, modeShown
    case processCount, deviceCount, amount, contradiction, shownLate, silent, repeats, flooded, clock
    case alarmNotShown, alarmUnfounded
    // Against what a person approved.
    case alarmLimitChanged, settingChanged, written, workClaimed
    // Wires alone.
    case alarmSilent, program, device, physics, transmitter, tooOften, processBound, deviceBound
    /// Nothing can be known of rules of which something was known before.
    case blind
    // Of several findings together.
    /// Claims of devices and of the process are wrong at once, or a counter with them.
    case wholePicture
    /// Claims about more than one asset are wrong.
    case severalAssets
    /// An alarm's output has voltage, and is shown otherwise.
    case alarmDriven
    /// Values are shown wrong that no one wire gives.
    case severalValues
    /// Wires alone ask for an alarm that does not sound: whatever is said.
    case alarmCut
    /// What the program should have done is judged by devices of which no wire shows that they obey.
    case unobeyed

    /// - Parameter driven: assets that have commands or feedback.
    init(_ traits: RuleTraits, driven: Set<String>) {
        let isOfDevice = !traits.assets.isEmpty && traits.assets.isSubset(of: driven)
        switch traits.relation {
        case .shown where traits.roles.contains(.command): self = .commandShown
        case .shown where traits.roles.contains(.feedback): self = .feedbackShown
        case .shown where traits.roles.contains(.measurement): self = isOfDevice ? .deviceValueShown : .processShown
        case .shown where traits.roles.contains(.alarm): self = .alarmOutputShown
        case .shown where traits.roles.contains(.interlock): self = .protectionShown
        case .shown where traits.roles.contains(.count): self = isOfDevice ? .deviceCount : .processCount
        case .shown: self = .modeShown
        case .counted: self = isOfDevice ? .deviceCount : .processCount
        case .account: self = .amount
        case .contradiction: self = .contradiction
        case .approved: self = traits.isAlarmLimit ? .alarmLimitChanged : .settingChanged
        case .late: self = .shownLate
        case .silent: self = .silent
        case .repeats: self = .repeats
        case .flooded: self = .flooded
        case .written: self = .written
        case .clock: self = .clock
        case .work: self = .workClaimed
        case .alarmShown: self = .alarmNotShown
        case .alarmFounded: self = .alarmUnfounded
        case .alarmSounds: self = .alarmSilent
        case .program: self = .program
        case .device: self = .device
        case .physics: self = .physics
        case .transmitter: self = .transmitter
        case .rate: self = .tooOften
        case .blind: self = .blind
        case .process: self = isOfDevice ? .deviceBound : .processBound
        }
    }

    /// What it says for an explanation, as people read it.
    var words: String {
        switch self {
        case .commandShown: "the screen shows another command than the output carries"
        case .feedbackShown: "the screen shows another state than the feedback wire"
        case .processShown: "the screen shows another value of the process than the wire"
        case .deviceValueShown: "the screen shows another value of the device than the wire"
        case .alarmOutputShown: "the screen shows the alarm's output otherwise than its wire"
        case .protectionShown: "the screen shows protection otherwise than its wire"
        case .modeShown: "the screen shows another mode or step than the wires"
        case .processCount: "the screen's counter is not what the pulses add up to"
        case .deviceCount: "the screen's counter is not how often the line rose"
        case .amount: "the amount that is said is not what the pulses add up to"
        case .contradiction: "claims contradict each other"
        case .shownLate: "the screen shows the value late by a constant time"
        case .silent: "nobody answers the screen"
        case .repeats: "the last reports are, digit for digit, those of an earlier time"
        case .flooded: "far more is claimed than the screen is asked for"
        case .clock: "the screen's clock is off"
        case .alarmNotShown: "the wires ask for an alarm, and none is shown"
        case .alarmUnfounded: "an alarm is shown that the wires do not ask for"
        case .alarmLimitChanged: "the limit of an alarm is not the approved one"
        case .settingChanged: "a setting is not the approved one"
        case .written: "somebody wrote on the bus"
        case .workClaimed: "work is claimed that nobody permitted"
        case .alarmSilent: "the line that sounds the alarm has no voltage"
        case .program: "outputs do not do what the approved program would"
        case .device: "command, feedback and measurement of a device do not fit each other"
        case .physics: "wires that measure the same do not agree"
        case .transmitter: "a transmitter signals its own failure"
        case .tooOften: "it starts more often than allowed"
        case .processBound: "the process is out of its bounds"
        case .deviceBound: "a device does not run within its bounds"
        case .blind: "nothing can be known of what was known before"
        case .wholePicture: "devices and process are shown wrong together"
        case .severalAssets: "several assets are shown wrong"
        case .alarmDriven: "the line that sounds the alarm has voltage, and is shown otherwise"
        case .severalValues: "values of several wires are shown wrong"
        case .unobeyed: "no wires show that the device does what it is commanded"
        case .alarmCut: "the wires ask for the alarm, and the line that sounds it has no voltage"
        }
    }
}
