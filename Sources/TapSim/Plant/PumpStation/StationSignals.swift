/// The station's field signals, in the order they are declared: a raw value is the number in `Signals`.
enum StationLine: Int, CaseIterable {
    case p1Command, p1Feedback, p1Auto, p1Hand, p1Ready, p1Overload
    case p2Command, p2Feedback, p2Auto, p2Hand, p2Ready, p2Overload
    case flowPulse, highFloat, lowFloat, siren, supply, running

    /// The same signal of P1 (0) or P2 (1).
    static func command(_ pump: Int) -> Int { pump * 6 }
    static func feedback(_ pump: Int) -> Int { pump * 6 + 1 }
    static func auto(_ pump: Int) -> Int { pump * 6 + 2 }
    static func hand(_ pump: Int) -> Int { pump * 6 + 3 }
    static func ready(_ pump: Int) -> Int { pump * 6 + 4 }
    static func overload(_ pump: Int) -> Int { pump * 6 + 5 }

    var name: String {
        switch self {
        case .p1Command: "P1_CMD"
        case .p1Feedback: "P1_FB"
        case .p1Auto: "P1_AUTO"
        case .p1Hand: "P1_HAND"
        case .p1Ready: "P1_READY"
        case .p1Overload: "P1_OL"
        case .p2Command: "P2_CMD"
        case .p2Feedback: "P2_FB"
        case .p2Auto: "P2_AUTO"
        case .p2Hand: "P2_HAND"
        case .p2Ready: "P2_READY"
        case .p2Overload: "P2_OL"
        case .flowPulse: "FLOW_PULSE"
        case .highFloat: "LSH"
        case .lowFloat: "LSL"
        case .siren: "SIREN"
        case .supply: "SUPPLY_OK"
        case .running: "PLC_RUN"
        }
    }

    var startsHigh: Bool {
        switch self {
        case .p1Auto, .p2Auto, .p1Ready, .p2Ready, .supply, .running: true
        default: false
        }
    }
}

enum StationCurve: Int, CaseIterable {
    case level, flow, current1, current2, pressure

    static func current(_ pump: Int) -> Int { current1.rawValue + pump }

    var name: String {
        switch self {
        case .level: "LT1"
        case .flow: "FT1"
        case .current1: "P1_I"
        case .current2: "P2_I"
        case .pressure: "PT"
        }
    }

    var unit: String {
        switch self {
        case .level: "m"
        case .flow: "m3/s"
        case .current1, .current2: "A"
        case .pressure: "Pa"
        }
    }
}
