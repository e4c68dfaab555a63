/// The station's field signals, in the order they are declared: a raw value is the number in `Signals`.
enum StationLine: Int, CaseIterable {
    case p1Command, p1Feedback, p1Auto, p1Hand, p1Ready, p1Overload
    case p2Command, p2Feedback, p2Auto, p2Hand, p2Ready, p2Overload
    case flowPulse, highFloat, lowFloat, siren, supply, running, serial

    /// The same signal of P1 (0) or P2 (1).
    static func command(_ pump: Int) -> Int { pump * 6 }
    static func feedback(_ pump: Int) -> Int { pump * 6 + 1 }
    static func auto(_ pump: Int) -> Int { pump * 6 + 2 }
    static func hand(_ pump: Int) -> Int { pump * 6 + 3 }
    static func ready(_ pump: Int) -> Int { pump * 6 + 4 }
    static func overload(_ pump: Int) -> Int { pump * 6 + 5 }

    private static let names = [
        "P1_CMD", "P1_FB", "P1_AUTO", "P1_HAND", "P1_READY", "P1_OL",
        "P2_CMD", "P2_FB", "P2_AUTO", "P2_HAND", "P2_READY", "P2_OL",
        "FLOW_PULSE", "LSH", "LSL", "SIREN", "SUPPLY_OK", "PLC_RUN", "RS485",
    ]

    var name: String { Self.names[rawValue] }

    var startsHigh: Bool {
        switch self {
        case .p1Auto, .p2Auto, .p1Ready, .p2Ready, .supply, .running, .serial: true
        default: false
        }
    }
}
