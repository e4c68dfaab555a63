import TapConfig

/// A pump's induction motor, started direct-on-line: speed, current, and the overload relay's bimetal.
struct Motor: Sendable {
    /// As a share of full speed.
    private(set) var speed = 0.0
    /// RMS of the phases that carry any.
    private(set) var current_A = 0.0
    /// The bimetal's heat: 1 at the relay's setting for ever.
    private(set) var heat = 0.0
    var hasLostPhase = false
    /// Of the current that its load takes, more where something is in its way.
    var currentShare = 1.0

    private let rated_A: Double
    private let idle_A: Double
    private let locked_A: Double
    private let setting_A: Double

    private static let step_s = 0.02
    private static let startingTime_s = 0.25
    private static let coastingTime_s = 0.8
    /// A relay of class 10 (IEC 60947-4-1) trips at 7.2 times its setting, cold, after 4 to 10 s: here after 7.
    private static let heatingTime_s = 275.0
    /// Not at 1.05 times the setting (1.10), surely at 1.2 times (1.44).
    private static let tripHeat = 1.3

    init(_ pump: PumpStation.Pump) {
        rated_A = pump.ratedCurrent_A
        idle_A = pump.idleCurrent_A
        locked_A = pump.ratedCurrent_A * pump.inrush
        setting_A = pump.overload_A
    }

    var wantsToTrip: Bool { heat >= Motor.tripHeat }

    /// What it draws in the moment its contactor closes.
    var inrush_A: Double { current(load: 0) }

    /// One step of 20 ms.
    ///
    /// - Parameter load: of the hydraulics, as a share of the rated.
    mutating func step(isPowered: Bool, load: Double) {
        if isPowered {
            // On two phases it has no torque from rest, but keeps turning, with more slip.
            let goal = hasLostPhase ? (speed > 0.6 ? 0.965 : 0) : 1 - 0.03 * load
            speed += (goal - speed) * (Motor.step_s / Motor.startingTime_s)
            current_A = current(load: load)
        } else {
            speed -= speed * (Motor.step_s / Motor.coastingTime_s)
            if speed < 1e-6 { speed = 0 }
            current_A = 0
        }
        let share = current_A / setting_A
        heat += (share * share - heat) * (Motor.step_s / Motor.heatingTime_s)
    }

    private func current(load: Double) -> Double {
        let square = speed * speed
        let running = (idle_A + (rated_A - idle_A) * load) * currentShare
        // Nearly all of the starting current stays until the breakdown slip.
        let starting = (locked_A - running) * max(0, 1 - square * square * square)
        let threePhase = running + (speed < 0.9 ? starting : starting * max(0, (0.97 - speed) / 0.07))
        // Two phases carry sqrt 3 as much for the same work, and 0.87 as much at rest.
        return hasLostPhase ? threePhase * (speed > 0.6 ? 1.7320508075688772 : 0.8660254037844386) : threePhase
    }
}
