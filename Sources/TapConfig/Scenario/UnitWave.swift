import TapCore

/// A wave and the unit that was said of it, with where.
struct UnitWave {
    var wave: AnalogWave
    /// nil: nothing was said, so it fits anywhere.
    var unit: (name: String, position: FilePosition)?
}
