/// The plant's digital field signals, in the order they are declared: a raw value is the number in `Signals`.
enum BatchLine: Int, CaseIterable {
    case command1, opened1, closed1
    case command2, opened2, closed2
    case command3, opened3, closed3
    case stroke, agitate, agitates, heat
    case highHigh, tooHot, emergency, running, supply, serial

    /// The same signal of XV1 (0), XV2 (1) or XV3 (2).
    static func command(_ valve: Int) -> Int { valve * 3 }
    static func opened(_ valve: Int) -> Int { valve * 3 + 1 }
    static func closed(_ valve: Int) -> Int { valve * 3 + 2 }

    private static let names = [
        "XV1_OPEN_CMD", "XV1_ZSO", "XV1_ZSC", "XV2_OPEN_CMD", "XV2_ZSO", "XV2_ZSC", "XV3_OPEN_CMD", "XV3_ZSO",
        "XV3_ZSC", "DOSE_STEP", "AGIT_CMD", "AGIT_FB", "HEAT_PWM", "LSHH", "TSH", "ESTOP", "PLC_RUN", "SUPPLY_OK",
        "RS485",
    ]

    var name: String { Self.names[rawValue] }

    var startsHigh: Bool {
        switch self {
        case .closed1, .closed2, .closed3, .emergency, .running, .supply, .serial: true
        default: false
        }
    }
}
