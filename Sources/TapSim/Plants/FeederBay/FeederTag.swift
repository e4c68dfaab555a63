/// What the RTU reports to the HMI, in the order of its registers.
enum FeederTag: Int, RegisterTag {
    case position, tripRelay, tripCircuit, spring, lockout, local, supply, gas
    case closeOutput, tripOutput, started
    case alarmTripCircuit, alarmSpring, alarmBreaker, alarmGas, alarmSupply
    case reclosing
    case currentA, currentB, currentC, voltageA
    case pickup, timeMultiplier, faultCurrent, tripTime, operations

    private static let names = [
        "CB_POS", "TRIP_RELAY", "TRIP_CIRCUIT", "SPRING_OK", "LOCKED_OUT", "LOCAL_MODE", "DC_SUPPLY", "GAS",
        "CLOSE_OUT", "TRIP_OUT", "RELAY_START",
        "ALM_TCS", "ALM_SPRING", "ALM_CB", "ALM_GAS", "ALM_DC",
        "AR_STATE",
        "I_A", "I_B", "I_C", "U_A",
        "SP_PICKUP", "SP_TMS", "FAULT_CURRENT", "TRIP_TIME", "CB_OPERATIONS",
    ]

    var name: String { Self.names[rawValue] }

    var form: RegisterForm {
        switch self {
        case .position: .words(["moving", "open", "closed", "faulty"])
        case .reclosing: .words(["ready", "dead-time", "reclaim", "off"])
        case .currentA, .currentB, .currentC, .pickup: .number(unit: "A", perUnit: 10)
        case .faultCurrent: .number(unit: "A", perUnit: 1)
        case .voltageA: .number(unit: "V", perUnit: 1)
        case .timeMultiplier: .number(unit: "", perUnit: 1_000)
        case .tripTime: .number(unit: "s", perUnit: 1_000)
        case .operations: .number(unit: "", perUnit: 1)
        default: .flag
        }
    }

    /// The field signal that it speaks of; nil: none alone.
    var signal: String? {
        switch self {
        case .position: FeederLine.closedContact.name
        case .currentA, .pickup: FeederCurve.currentA.name
        case .currentB: FeederCurve.currentB.name
        case .currentC: FeederCurve.currentC.name
        case .voltageA: FeederCurve.voltageA.name
        default: FeederLine.allCases.first { $0.tag == self }?.name
        }
    }

    /// Transformers of class 0.5, the RTU's input, and the dead band of its own.
    func accuracy(_ bay: FeederBay) -> Double {
        switch self {
        case .currentA, .currentB, .currentC: 0.01 * bay.line.load_A + bay.hmi.deadBand_A
        case .voltageA: 0.01 * bay.line.voltage_V + bay.hmi.deadBand_V
        default: 0
        }
    }

    /// A set point.
    var isLimit: Bool { self == .pickup }
    /// Claimed by its dead band; others are claimed when they change.
    func deadBand(_ screen: FeederBay.Screen) -> Double {
        switch self {
        case .currentA, .currentB, .currentC: screen.deadBand_A
        case .voltageA: screen.deadBand_V
        default: 0
        }
    }

    /// Its changes are events with a stamp of their own.
    var hasEvents: Bool {
        switch form {
        case .flag, .words: true
        case .number: false
        }
    }

    /// Of the relay, which a test set may feed.
    var isTested: Bool {
        switch self {
        case .tripRelay, .started, .currentA, .currentB, .currentC, .faultCurrent, .tripTime: true
        default: false
        }
    }

    var registers: Int { self == .operations ? 2 : 1 }
    /// The RTU's numbers have no sign.
    static let counts = 0.0...65_535

    /// Double-point, of both auxiliary contacts: 0 moving, 1 open, 2 closed, 3 faulty.
    static func position(closed: Bool, open: Bool) -> Int32 { (closed ? 2 : 0) + (open ? 1 : 0) }
}
