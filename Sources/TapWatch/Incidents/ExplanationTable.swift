/// From patterns of broken relations to what may be behind them.
///
/// A fault breaks relations among wires while the screen says the truth about it. An attack breaks relations between screen and
/// wires, or between wires and what was approved. Where one dead channel gives the same picture as an attack, both stand here.
/// Numbers are judgements. Order decides between equals.
enum ExplanationTable {
    private static let devices: Set<Clue> = [.commandShown, .feedbackShown]
    private static let shown: Set<Clue> = [
        .commandShown, .feedbackShown, .processShown, .deviceValueShown, .alarmOutputShown, .protectionShown,
        .processCount, .deviceCount, .amount, .contradiction,
    ]
    private static let compareProgram = "compare the PLC's program and forces with the approved ones"
    private static let measureOutput = "measure at the terminals of {asset}: output, fuse, wire"
    private static let deadOutput = "a fuse, a wire or an output failed; from here that looks the same"
    private static let station = "go and look at {asset}: what is shown, and what is there"

    static let rows: [ExplanationRow] = screen + alarms + control + faults

    private static let screen: [ExplanationRow] = [
        ExplanationRow(
            answer: .hiddenDeviation, ofTen: 9, all: [.repeats], expects: [.wholePicture, .processCount],
            title: "The screen is not showing this station", techniques: ["T0832", "T0856"],
            unless: "a backup of the screen was restored, or a test is played back",
            check: "read one value at its terminal twice, a minute apart: does the screen show both?"),
        ExplanationRow(
            answer: .hiddenDeviation, ofTen: 8, all: [.wholePicture], none: [.repeats],
            expects: [.processCount, .repeats],
            title: "The screen is not showing this station", techniques: ["T0832", "T0856"],
            unless: "the screen was mapped to another station after a change",
            check: "read one value at its terminal twice, a minute apart: does the screen show both?"),
        ExplanationRow(
            answer: .hiddenDeviation, ofTen: 6, all: [.deviceCount, .feedbackShown],
            none: [.commandShown, .wholePicture],
            expects: [.repeats], title: "Shown otherwise than it is: {asset}", techniques: ["T0832", "T0856"],
            unless: "the counter or the input card was changed", check: station),
        ExplanationRow(
            answer: .hiddenDeviation, ofTen: 8, all: [.commandShown, .feedbackShown, .program], none: [.wholePicture],
            expects: [.processShown], title: "The screen shows what should be, and the wires do not: {asset}",
            techniques: ["T0832", "T0835"], check: compareProgram),
        ExplanationRow(
            answer: .misledOperator, ofTen: 7, all: [.commandShown, .feedbackShown], none: [.wholePicture],
            expects: [.deviceCount, .deviceValueShown], title: "Shown otherwise than it is: {asset}",
            techniques: ["T0832", "T0835"],
            unless: "the output card and the feedback's input card failed together", check: compareProgram),
        ExplanationRow(
            answer: .hiddenDeviation, ofTen: 5, all: [.commandShown, .feedbackShown], none: [.wholePicture, .program],
            expects: [.processShown, .processBound], title: "Shown otherwise than it is: {asset}",
            techniques: ["T0832"],
            check: station),
        ExplanationRow(
            answer: .falsifiedMonitoring, ofTen: 7, all: [.feedbackShown],
            none: [.commandShown, .wholePicture], expects: [.deviceValueShown],
            title: "State shown wrong: {asset}", techniques: ["T0856"],
            unless: "an input card of the PLC failed", check: "measure the feedback at the PLC's input terminal"),
        ExplanationRow(
            answer: .misledOperator, ofTen: 6, all: [.feedbackShown], none: [.commandShown, .wholePicture],
            expects: [.commandShown], title: "State shown wrong: {asset}", techniques: ["T0832"], check: station),
        ExplanationRow(
            answer: .equipmentFault, ofTen: 5, all: [.feedbackShown],
            none: [.commandShown, .wholePicture, .severalAssets],
            title: "State shown wrong: {asset}", check: "measure the feedback at the PLC's input terminal"),
        ExplanationRow(
            answer: .falsifiedMonitoring, ofTen: 7, any: [.processShown],
            none: [.wholePicture, .repeats], expects: [.program],
            title: "Value shown wrong: {asset}", techniques: ["T0856", "T0835"],
            unless:
                "a scaling mistake after a card or transmitter was changed, or a drifted input card (a difference for weeks)",
            check: "measure the loop at the PLC's input, and compare the scaling with the approved one"),
        // One dead or drifted channel of the controller gives the same picture, and the program acts by it.
        ExplanationRow(
            answer: .equipmentFault, ofTen: 5, any: [.processShown, .deviceValueShown],
            none: [.commandShown, .feedbackShown, .wholePicture, .severalValues, .repeats],
            title: "Value shown wrong: {asset}", check: "measure the loop of {asset} at the PLC's input"),
        ExplanationRow(
            answer: .hiddenDeviation, ofTen: 4, all: [.processShown], none: [.wholePicture, .repeats],
            expects: [.program, .processBound, .commandShown, .feedbackShown], title: "Value shown wrong: {asset}",
            techniques: ["T0832"], check: station),
        ExplanationRow(
            answer: .hiddenDeviation, ofTen: 6, all: [.processShown],
            any: [.program, .processBound, .alarmNotShown], none: [.wholePicture, .repeats],
            title: "Shown wrong while the plant is not in order: {asset}", techniques: ["T0832"], check: station),
        ExplanationRow(
            answer: .falsifiedMonitoring, ofTen: 6, any: [.deviceValueShown, .amount],
            none: [.commandShown, .feedbackShown, .wholePicture, .processShown],
            title: "Value shown wrong: {asset}", techniques: ["T0856"],
            unless: "a scaling mistake, or a drifted input card", check: "compare the scaling with the approved one"),
        ExplanationRow(
            answer: .equipmentFault, ofTen: 5, any: [.amount], none: shown.subtracting([.amount]),
            title: "Value shown wrong: {asset}", check: "measure what one pulse of {asset} gives"),
        ExplanationRow(
            answer: .hiddenDeviation, ofTen: 6, all: [.processCount], none: [.wholePicture],
            expects: [.repeats, .wholePicture], title: "A counter of the screen does not count this station's pulses",
            techniques: ["T0832", "T0856"], unless: "the counter was set", check: station),
        ExplanationRow(
            answer: .falsifiedMonitoring, ofTen: 6, all: [.contradiction],
            none: devices.union([.wholePicture, .processShown, .repeats]),
            title: "Claims contradict each other: {asset}",
            techniques: ["T0856"], unless: "one of what is measured failed, or is so",
            check: "measure both where they are measured"),
        ExplanationRow(
            answer: .equipmentFault, ofTen: 5, all: [.contradiction],
            none: shown.subtracting([.contradiction]).union([.repeats]),
            title: "Claims contradict each other: {asset}", check: "measure both where they are measured"),
        ExplanationRow(
            answer: .falsifiedMonitoring, ofTen: 5, any: [.processCount, .deviceCount],
            none: devices.union([.wholePicture, .processShown]), title: "Counter shown wrong: {asset}",
            techniques: ["T0856"], unless: "the counter was set, or the PLC restarted", check: station),
        ExplanationRow(
            answer: .misledOperator, ofTen: 5, all: [.modeShown],
            none: devices.union([.wholePicture, .processShown, .repeats]),
            title: "Step or mode shown otherwise than it is: {asset}", techniques: ["T0832"], check: station),
        ExplanationRow(
            answer: .falsifiedMonitoring, ofTen: 5, all: [.modeShown],
            none: devices.union([.wholePicture, .processShown, .repeats]),
            title: "Step or mode shown otherwise than it is: {asset}", techniques: ["T0856"],
            unless: "the PLC restarted in another step", check: station),
        ExplanationRow(
            answer: .misledOperator, ofTen: 4, all: [.shownLate], none: shown, title: "Shown late: {asset}",
            techniques: ["T0832"], unless: "a filter, or load on the screen's server",
            check: "compare the PLC's input filter with the approved one"),
        ExplanationRow(
            answer: .misledOperator, ofTen: 6, all: [.silent], title: "The screen is not answered",
            techniques: ["T0815"], unless: "nobody asks either: then look at screen and cable",
            check: "do questions without answers go over the bus while the PLC runs?"),
        ExplanationRow(
            answer: .communicationFault, ofTen: 5, all: [.silent], title: "The screen is not answered",
            check: "do questions without answers go over the bus while the PLC runs?"),
        ExplanationRow(
            answer: .communicationFault, ofTen: 6, all: [.flooded], title: "Claims come in a flood",
            check: "who sends claims, and how many?"),
        ExplanationRow(
            answer: .misledOperator, ofTen: 4, all: [.flooded], title: "Claims come in a flood", techniques: ["T0814"],
            unless: "a program that makes claims is broken", check: "who sends claims, and how many?"),
        ExplanationRow(
            answer: .misledOperator, ofTen: 5, all: [.clock], title: "The screen's clock is off", techniques: ["T0832"],
            unless: "time synchronisation failed", check: "compare the clocks of screen, PLC and time server"),
        ExplanationRow(
            answer: .equipmentFault, ofTen: 5, all: [.clock], none: shown.union([.repeats, .silent, .written]),
            title: "The screen's clock is off", check: "compare the clocks of screen, PLC and time server"),
        ExplanationRow(
            answer: .misledOperator, ofTen: 5, all: [.alarmUnfounded], none: [.wholePicture, .repeats],
            title: "An alarm is shown that the wires do not ask for", techniques: ["T0832"],
            unless: "the PLC keeps an alarm until somebody acknowledges it", check: "ask the alarm list when it came"),
    ]

    private static let alarms: [ExplanationRow] = [
        ExplanationRow(
            answer: .disabledAlarms, ofTen: 8, all: [.alarmNotShown],
            none: [.wholePicture, .repeats, .silent, .device],
            expects: [.alarmLimitChanged, .alarmSilent], title: "Alarm not shown: {asset}",
            techniques: ["T0878", "T0838"], unless: "an operator shelved the alarm",
            check: "ask the alarm list: was the alarm shelved, and by whom?"),
        ExplanationRow(
            answer: .disabledAlarms, ofTen: 5, all: [.alarmNotShown, .device],
            none: [.wholePicture, .repeats, .silent],
            title: "Alarm not shown: {asset}", techniques: ["T0878", "T0838"],
            unless: "the wires that ask for the alarm are wrong themselves", check: "ask the alarm list"),
        ExplanationRow(
            answer: .disabledAlarms, ofTen: 7, all: [.alarmLimitChanged], expects: [.alarmNotShown, .alarmSilent],
            title: "The limit of an alarm was changed", techniques: ["T0838"], unless: "a change that nobody recorded",
            check: "who changed it, from where: the PLC's and the screen's log"),
        ExplanationRow(
            answer: .disabledAlarms, ofTen: 5, all: [.alarmSilent],
            none: [.alarmLimitChanged, .wholePicture, .repeats], expects: [.alarmOutputShown],
            title: "Alarm not sounded: {asset}", techniques: ["T0878"], unless: deadOutput, check: measureOutput),
        // While the screen shows another process, a fuse that fails in the same hour is the less likely.
        ExplanationRow(
            answer: .disabledAlarms, ofTen: 7, all: [.alarmCut], any: [.wholePicture, .repeats], about: .alarmCut,
            title: "Alarm not sounded: {asset}", techniques: ["T0878"], unless: deadOutput, check: measureOutput),
        ExplanationRow(
            answer: .equipmentFault, ofTen: 5, all: [.alarmSilent],
            none: [.alarmLimitChanged, .wholePicture, .repeats, .alarmNotShown], title: "Alarm not sounded: {asset}",
            check: measureOutput),
        // What sounds without being shown is no alarm that was taken away.
        ExplanationRow(
            answer: .modifiedControl, ofTen: 7, all: [.alarmDriven], none: [.wholePicture, .repeats],
            title: "Alarm's output shown otherwise than it is: {asset}", techniques: ["T0835", "T0831"],
            unless: "a failed output card, or a force that a technician left",
            check: "list the PLC's forces, and measure the output"),
        // Shown as on without voltage, or off with it: the relation does not say which.
        ExplanationRow(
            answer: .disabledAlarms, ofTen: 5, all: [.alarmOutputShown],
            none: [.alarmSilent, .alarmLimitChanged, .wholePicture, .repeats],
            title: "Alarm's output shown otherwise than it is: {asset}", techniques: ["T0878"], unless: deadOutput,
            check: measureOutput),
        ExplanationRow(
            answer: .equipmentFault, ofTen: 5, all: [.alarmOutputShown],
            none: [.alarmSilent, .alarmLimitChanged, .wholePicture, .repeats, .alarmNotShown],
            title: "Alarm's output shown otherwise than it is: {asset}", check: measureOutput),
        // An output like any other: somebody may hold it.
        ExplanationRow(
            answer: .modifiedControl, ofTen: 5, all: [.alarmOutputShown],
            none: [.alarmLimitChanged, .wholePicture, .repeats],
            title: "Alarm's output shown otherwise than it is: {asset}", techniques: ["T0835"],
            unless: deadOutput, check: "list the PLC's forces, and measure the output"),
        ExplanationRow(
            answer: .disabledAlarms, ofTen: 7, all: [.protectionShown], none: [.wholePicture, .repeats],
            expects: [.alarmNotShown], title: "Protection shown otherwise than it is: {asset}",
            techniques: ["T0837", "T0878"], unless: "an input card failed",
            check: "measure the protection's contact at the PLC's input"),
        // One dead channel: an input card of the controller gives the same picture.
        ExplanationRow(
            answer: .equipmentFault, ofTen: 5, all: [.protectionShown],
            none: [.wholePicture, .repeats, .alarmNotShown, .commandShown, .feedbackShown],
            title: "Protection shown otherwise than it is: {asset}",
            check: "measure the protection's contact at the PLC's input"),
    ]

    private static let control: [ExplanationRow] = [
        ExplanationRow(
            answer: .modifiedControl, ofTen: 8, any: [.settingChanged, .alarmLimitChanged],
            expects: [.program, .written], title: "A setting is not the approved one", techniques: ["T0836"],
            unless: "a change that nobody recorded", check: "who changed it, from where: the PLC's and the screen's log"
        ),
        // A setting is known by what is claimed of it alone.
        ExplanationRow(
            answer: .falsifiedMonitoring, ofTen: 5, any: [.settingChanged, .alarmLimitChanged],
            none: [.written, .program, .wholePicture, .repeats], title: "A setting is not shown as approved",
            techniques: ["T0856"], check: "read the setting at the PLC itself"),
        ExplanationRow(
            answer: .modifiedControl, ofTen: 8, all: [.written], title: "Somebody wrote to the PLC",
            techniques: ["T0855", "T0836"], unless: "work that nobody recorded",
            check: "which station wrote: bus address, switch port"),
        ExplanationRow(
            answer: .modifiedControl, ofTen: 8, all: [.tooOften], expects: [.commandShown],
            title: "Switched too often: {asset}", techniques: ["T0806", "T0831"],
            unless: "a switch or level that hunts; then command shown and output agree", check: compareProgram),
        ExplanationRow(
            answer: .modifiedControl, ofTen: 7, all: [.commandShown], none: [.feedbackShown, .wholePicture],
            expects: [.program, .deviceCount], title: "Output is not what the PLC says: {asset}",
            techniques: ["T0835", "T0831"], unless: "a failed output card or fuse, or a force that a technician left",
            check: "list the PLC's forces, and measure the output"),
        ExplanationRow(
            answer: .equipmentFault, ofTen: 5, all: [.commandShown],
            none: [.feedbackShown, .wholePicture, .program, .tooOften, .severalAssets],
            title: "Output is not what the PLC says: {asset}", check: "list the PLC's forces, and measure the output"),
        ExplanationRow(
            answer: .modifiedControl, ofTen: 6, all: [.program],
            none: [.feedbackShown, .processShown, .wholePicture, .repeats],
            expects: [.settingChanged, .commandShown], title: "Not what the approved program would do: {asset}",
            techniques: ["T0836", "T0821", "T0835"],
            unless: "a change that nobody recorded, a failure that the PLC remembers, or the time after a calibration",
            check: compareProgram),
        ExplanationRow(
            answer: .unpermittedWork, ofTen: 5, all: [.workClaimed], title: "Work is claimed that nobody permitted",
            unless: "somebody works there and forgot the permit", check: "is somebody there?"),
    ]

    private static let faults: [ExplanationRow] = [
        ExplanationRow(
            answer: .equipmentFault, ofTen: 9, any: [.device, .physics], none: shown.union([.alarmNotShown, .repeats]),
            title: "Wires contradict each other: {asset}", unless: "",
            check: "look at {asset}: contact, contactor, transmitter, wire"),
        ExplanationRow(
            answer: .equipmentFault, ofTen: 9, all: [.transmitter], none: [.wholePicture, .repeats],
            title: "A transmitter has failed: {asset}", unless: "its wire was cut or its loop was touched on purpose",
            check: "measure the current of the loop at {asset}"),
        // What a device takes or gives is its own affair; the screen says the truth about it.
        ExplanationRow(
            answer: .equipmentFault, ofTen: 8, all: [.deviceBound],
            none: shown.union([.alarmNotShown, .repeats, .program, .tooOften]), title: "Out of its bounds: {asset}",
            unless: "what it works against has changed", check: "look at {asset}: supply, load, what it works against"),
        // A program goes round a device that failed, and remembers it for a while.
        ExplanationRow(
            answer: .equipmentFault, ofTen: 5, all: [.deviceBound, .program],
            none: shown.union([.alarmNotShown, .repeats, .tooOften]), title: "Out of its bounds: {asset}",
            check: "look at {asset}: supply, load, what it works against"),
        // Only where wires agree with each other is it the program that does otherwise.
        ExplanationRow(
            answer: .equipmentFault, ofTen: 5, all: [.unobeyed],
            none: shown.union([.alarmNotShown, .repeats, .tooOften]),
            title: "Not what the approved program would do: {asset}",
            check: "does {asset} do what it is commanded?"),
        // The feedback's own wire is in doubt; the screen says what the other wires say.
        ExplanationRow(
            answer: .equipmentFault, ofTen: 6, all: [.device], any: shown.union([.alarmNotShown]),
            none: [.wholePicture], title: "Wires contradict each other: {asset}",
            check: "look at {asset}: contact, contactor, wire"),
        ExplanationRow(
            answer: .falsifiedMonitoring, ofTen: 5, any: [.device, .physics],
            none: shown.subtracting([.feedbackShown, .processShown]).union([.program, .wholePicture]),
            expects: [.feedbackShown, .processShown], title: "Wires contradict each other: {asset}",
            techniques: ["T0856"], unless: "the contact or wire failed",
            check: "measure the wire of {asset} at the PLC's terminal and at tap's input"),
        ExplanationRow(
            answer: .processCondition, ofTen: 9, all: [.processBound],
            none: shown.union([
                .program, .device, .deviceBound, .physics, .alarmNotShown, .alarmSilent, .settingChanged,
                .alarmLimitChanged,
                .tooOften, .repeats, .silent, .written, .clock, .blind,
            ]),
            title: "Out of its bounds: {asset}", check: "look at {asset} and at what feeds it"),
        ExplanationRow(
            answer: .blindSpot, ofTen: 9, all: [.blind], none: Set(Clue.allCases).subtracting([.blind]),
            title: "No signal reaches tap: {asset}", check: "look at wire, input and source of {asset}"),
    ]
}
