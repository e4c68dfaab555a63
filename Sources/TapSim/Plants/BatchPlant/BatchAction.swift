import TapConfig
import TapCore

/// What people and faults do to the plant, one thing at a time.
enum BatchAction: PlantAction {
    case newDay
    case label(Label)
    case order(recipe: Int)
    case start
    case attend
    case held(Bool)
    case manual(Bool)
    case probeHeld(Bool)
    /// What the probe stands in, instead of the vessel.
    case buffer(pH: Double?)
    case calibrated
    /// The pump's suction is taken out of the drum; back in, it has air to pump first.
    case drum(isConnected: Bool)
    case chain(isClosed: Bool)
    case supply(Bool)
    case plc(isRunning: Bool)
    case fault(BatchPlant.Event.Kind, valve: Int, isThere: Bool)

    var isNewDay: Bool { if case .newDay = self { true } else { false } }
    var label: Label? { if case .label(let label) = self { label } else { nil } }
}
