/// The bay's digital field signals, in the order they are declared: a raw value is the number in `Signals`.
enum FeederLine: Int, CaseIterable {
    case closedContact, openContact, closeCommand, tripCommand, tripRelay, tripCircuit
    case spring, lockout, local, supply, gas, serial

    private static let names = [
        "52A", "52B", "CLOSE_CMD", "TRIP_CMD", "TRIP_REL", "TCS", "SPRING", "LOCKOUT", "LOCAL", "DC_OK", "GAS_OK",
        "RS485",
    ]

    var name: String { Self.names[rawValue] }

    var startsHigh: Bool {
        switch self {
        case .closedContact, .tripCircuit, .spring, .supply, .gas, .serial: true
        default: false
        }
    }

    /// What the RTU makes an event of, as soon as it changes; nil: of none alone.
    var tag: FeederTag? {
        switch self {
        case .closedContact, .openContact, .serial: nil
        case .closeCommand: .closeOutput
        case .tripCommand: .tripOutput
        case .tripRelay: .tripRelay
        case .tripCircuit: .tripCircuit
        case .spring: .spring
        case .lockout: .lockout
        case .local: .local
        case .supply: .supply
        case .gas: .gas
        }
    }
}
