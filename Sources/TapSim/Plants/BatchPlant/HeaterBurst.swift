import TapCore

/// Burst firing: whole cycles of the mains, so many of each two seconds as the duty says. The relay switches at the next
/// crossing of zero.
struct HeaterBurst: Sendable {
    private(set) var isOn = false
    /// The relay conducts.
    private(set) var conducts = false
    private var duty = 0.0
    private var begins: UInt64 = 0
    private var ends = UInt64.max
    private var crosses = UInt64.max

    static let period_ns: UInt64 = 2_000_000_000
    private static let cycle_ns: UInt64 = 20_000_000

    /// When it does something next.
    var next: UInt64 { min(min(begins, ends), crosses) }

    /// What the PLC wants; off takes effect at once.
    mutating func set(_ duty: Double, at time: UInt64) {
        self.duty = duty
        if duty <= 0, isOn { turn(false, at: time) }
    }

    /// Does what is due at `next`.
    mutating func move() {
        let time = next
        if crosses == time {
            conducts = isOn
            crosses = .max
        } else if ends == time {
            ends = .max
            turn(false, at: time)
        } else {
            begins = time + HeaterBurst.period_ns
            let cycles = UInt64((min(1, max(0, duty)) * 100).rounded())
            ends = cycles > 0 && cycles < 100 ? time + cycles * HeaterBurst.cycle_ns : .max
            turn(cycles > 0, at: time)
        }
    }

    private mutating func turn(_ isOn: Bool, at time: UInt64) {
        guard isOn != self.isOn else { return }
        self.isOn = isOn
        let half = HeaterBurst.cycle_ns / 2
        // Two milliseconds away from it, so that no crossing falls on the command.
        crosses = (time / half + 1) * half + 2_000_000
    }
}
