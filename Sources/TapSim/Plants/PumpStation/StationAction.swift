import TapConfig
import TapCore

/// What people, weather and machines do to the station, one thing at a time.
enum StationAction: Sendable {
    case newDay
    case label(Label)
    case selector(pump: Int, auto: Bool, hand: Bool)
    case stopChain(pump: Int, isClosed: Bool)
    case supply(Bool)
    case plc(isRunning: Bool)
    case hold(Bool)
    case transmitter(level_m: Double?)
    case rain(Double)
    case trip(Int)
    case resetOverload(Int)
    case resetAlarm(Int)
    case fault(PumpStation.Event.Kind, pump: Int, isThere: Bool)
}
