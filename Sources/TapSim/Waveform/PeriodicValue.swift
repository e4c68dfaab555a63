import TapConfig
import TapCore

final class PeriodicValue: AnalogGenerator {
    private let wave: Periodic
    private let period: UInt64
    /// Added to a time, so that its period begins where the phase says.
    private let shift: UInt64

    init(_ wave: Periodic) {
        self.wave = wave
        period = UInt64(max(1, wave.period.count))
        shift = (period - UInt64(wave.phase.count) % period) % period
    }

    override func value(at time: UInt64) -> Double {
        let turns = Double((time + shift) % period) / Double(period)
        switch wave.shape {
        case .sine: return wave.offset + wave.amplitude * Sine.ofTurns(turns)
        case .ramp: return wave.offset + wave.amplitude * (2 * turns - 1)
        case .triangle: return wave.offset + wave.amplitude * (turns < 0.5 ? 4 * turns - 1 : 3 - 4 * turns)
        case .square(let duty): return wave.offset + (turns < duty ? wave.amplitude : -wave.amplitude)
        }
    }
}
