import TapConfig
import TapCore

/// What people, weather and machines do to the station, one thing at a time.
enum StationAction: PlantAction {
    case newDay
    case label(Label)
    case selector(pump: Int, auto: Bool, hand: Bool)
    case stopChain(pump: Int, isClosed: Bool)
    case supply(Bool)
    case plc(isRunning: Bool)
    case hold(Bool)
    case transmitter(level_m: Double?)
    /// The contactors' supply and that of the inputs' group.
    case controlSupply(Bool)
    /// Of the whole site.
    case power(Bool)
    case plcBoots
    case hmiRuns(Bool)
    /// The HMI's clock, beside its own error.
    case clock(aheadBy: Nanoseconds)
    case liftFloat(Bool)
    /// Adds up to what the level transmitter says; 0: it is clean.
    case fouling(perStep_m: Double)
    case rain(Double)
    case trip(Int)
    case resetOverload(Int)
    /// At the HMI, over the bus.
    case write(StationWrite)
    /// All set points but the stop level, from what they are.
    case moveSettings(by_m: Double)
    case visit(until: UInt64)
    case fault(PumpStation.Event.Kind, pump: Int, isThere: Bool)

    var isNewDay: Bool { if case .newDay = self { true } else { false } }
    var label: Label? { if case .label(let label) = self { label } else { nil } }
}
