import TapConfig
import TapCore

/// The pH probe and its transmitter: slow, drifting from day to day until it is calibrated, and it may be fouled.
struct Probe: Sendable {
    private(set) var shown_pH = 7.0
    /// What it stands in, instead of the vessel; nil: the vessel.
    var buffer_pH: Double?
    var isFouled = false
    private var drift_pH = 0.0
    private var nextDrift: UInt64 = 0
    private var random: Random
    private let lag_s: Double
    private let drift_pHpd: Double

    private static let hour: UInt64 = 3_600_000_000_000

    init(_ chemistry: BatchPlant.Chemistry, random: Random) {
        lag_s = Double(chemistry.probeLag.count) * 1e-9
        drift_pHpd = chemistry.drift_pHpd
        self.random = random
    }

    mutating func calibrate() { drift_pH = 0 }

    /// One step of 50 ms.
    mutating func step(_ pH: Double, at time: UInt64) {
        if time >= nextDrift {
            nextDrift += Probe.hour
            // A day's hours add up to a day's deviation.
            drift_pH += drift_pHpd * 0.2041241452319315 * random.gaussian()
        }
        let seen = buffer_pH ?? pH
        let sensed = 7 + (seen - 7) * (isFouled ? 0.8 : 1)
        shown_pH += (sensed - shown_pH) * (Vessel.step_s / (isFouled ? 6 * lag_s : lag_s))
    }

    /// What it says.
    var pH: Double { min(14, max(0, shown_pH + drift_pH)) }
}
