/// What a rule compares, whatever the installation.
public enum RuleRelation: String, Sendable, Hashable, CaseIterable {
    /// What a source says, with what a wire carries.
    case shown
    /// A counter, with the edges of a line.
    case counted
    /// An amount that is said, with what pulses count.
    case account
    /// What a source says, with what another one or another tag says.
    case contradiction
    /// A setting, with what was approved.
    case approved
    /// How late a quantity is shown.
    case late
    case silent
    case repeats
    /// How many claims a source makes, with what it may.
    case flooded
    /// Writes on the bus, with those that are allowed.
    case written
    case clock
    /// Work that is claimed, with permits.
    case work
    /// An alarm that the wires ask for, with what is shown.
    case alarmShown = "alarm-shown"
    /// An alarm that is shown, with what the wires ask for.
    case alarmFounded = "alarm-founded"
    /// An alarm, with the line that sounds it.
    case alarmSounds = "alarm-sounds"
    /// What outputs do, with what the approved program would do by what is measured.
    case program
    /// A command, with the device's own feedback and measurement.
    case device
    /// Wires among themselves.
    case physics
    /// A transmitter, by its own signal, with what it measures.
    case transmitter
    /// How often something happens.
    case rate
    /// Nothing can be known of the rule.
    case blind
    /// The process, with its bounds.
    case process
}
