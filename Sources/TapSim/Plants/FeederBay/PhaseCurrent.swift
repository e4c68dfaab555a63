/// The current of one phase: a sine, and an offset that keeps it continuous where the sine changes and then decays.
struct PhaseCurrent: Sendable {
    /// Peak; 0: nothing flows.
    private(set) var amplitude = 0.0
    /// In turns, against the grid.
    private(set) var phase = 0.0
    private var offset = 0.0
    private var offsetSince: UInt64 = 0
    private var decay_ns = 1.0

    init() {}

    init(amplitude: Double, phase: Double) {
        self.amplitude = amplitude
        self.phase = phase
    }

    var isOffset: Bool { offset != 0 }
    var rms: Double { amplitude * 0.7071067811865476 }

    func offset(at time: UInt64) -> Double {
        guard offset != 0 else { return 0 }
        return offset * Elementary.exp(-Double(time - offsetSince) / decay_ns)
    }

    /// - Parameter turns: of the grid at `time`.
    func value(at time: UInt64, turns: Double) -> Double {
        amplitude * Sine.ofTurns(turns + phase) + offset(at: time)
    }

    /// Another sine, to which the current goes without a step.
    mutating func change(amplitude: Double, phase: Double, decay_ns: Double, at time: UInt64, turns: Double) {
        let before = value(at: time, turns: turns)
        self.amplitude = amplitude
        self.phase = phase
        offset = before - amplitude * Sine.ofTurns(turns + phase)
        offsetSince = time
        self.decay_ns = decay_ns
    }

    /// As a load changes: slowly, so without an offset.
    mutating func scale(amplitude: Double) { self.amplitude = amplitude }

    mutating func cut() {
        amplitude = 0
        offset = 0
    }

    /// Lets go of an offset that nobody can measure.
    mutating func settle(at time: UInt64) { if abs(offset(at: time)) < 0.05 { offset = 0 } }
}
