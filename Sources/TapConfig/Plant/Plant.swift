public import TapCore

/// A machine, its controller and its operator's screen, in virtual time.
///
/// A run is a function of what it was made from (parameters, seed, attacks). Steps in it are at fixed multiples of its own
/// step, so that how far each `advance` goes changes nothing.
public protocol Plant {
    /// With every signal at its first value.
    var signals: Signals { get set }
    /// What its screen makes claims of, numbered from 0 on; constant.
    var tags: [TagInfo] { get }
    /// Goes on to the last of its own steps not after `time`, and says so in `signals.horizon`.
    mutating func advance(to time: Timestamp)
    /// What happened since the last call, in order of time: claims by `tags`, labels. Handed over, not kept.
    mutating func takeNotes() -> [PlantNote]
}
