import TapConfig
import TapCore

/// What people, weather and machines do to the bay, one thing at a time.
enum FeederAction: PlantAction {
    case newDay
    case label(Label)
    /// The control room wants the breaker open, or has it no more: what is not wanted is seen to.
    case plan(isOpen: Bool)
    /// An order is due; it goes onto the line as soon as that is free.
    case order(isClose: Bool)
    case send(isClose: Bool)
    case execute(isClose: Bool)
    case echo(isClose: Bool)
    case endPulse(isClose: Bool)
    /// Someone at the panel.
    case local(Bool)
    case byHand(isClose: Bool)
    case isolator(isOpen: Bool)
    case earth(Bool)
    case reclosing(isOff: Bool)
    /// The relay's test plug and its links.
    case test(Bool)
    case inject(Double)
    case supply(Bool)
    case rtu(isRunning: Bool)
    /// The control room has seen a breaker that is open and should not be.
    case restore
    /// A crew has come.
    case crew
    /// A fault on the line is there, or gone.
    case fault(isThere: Bool, isTransient: Bool)
    /// The arc of a transient fault is out.
    case clearTransient
    /// What is upstream has waited long enough.
    case upstream
    case machine(FeederBay.Event.Kind, isThere: Bool)

    var isNewDay: Bool { if case .newDay = self { true } else { false } }
    var label: Label? { if case .label(let label) = self { label } else { nil } }
}
