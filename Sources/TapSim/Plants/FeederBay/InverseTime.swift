import TapCore

/// The very inverse curve of IEC 60255-151: t = TMS x 13.5 / (I / Is - 1).
enum InverseTime {
    /// In seconds; infinity up to the pickup current.
    static func operating_s(_ current_A: Double, _ settings: FeederBay.Settings) -> Double {
        let excess = current_A / settings.pickup_A - 1
        return excess > 0 ? settings.timeMultiplier * 13.5 / excess : .infinity
    }
}
