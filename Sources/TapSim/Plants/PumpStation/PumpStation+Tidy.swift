import TapConfig
import TapCore

extension PumpStation {
    /// Of the meter's current output.
    static let flowSpan_m3ps = 0.1

    /// Of the transformers of the motor currents.
    var currentSpan_A: Double { 1.25 * (pumps.map { $0.ratedCurrent_A * $0.inrush }.max() ?? 0) }

    /// A station as no real one is: measured once and exactly, with two equal pumps.
    public static var tidy: PumpStation {
        var station = PumpStation()
        station.makeTidy()
        return station
    }

    mutating func makeTidy() {
        routine.perDay = routine.perDay.filter { Routine.tidy.contains($0.key) }
        plc.jitter = .zero
        plc.slips = 0
        bus.jitter = .zero
        bus.drift = 0
        bus.response = .zero
        bus.errors = 0
        bus.retries = 0
        bus.stations = 0
        meter.currentError = 0
        meter.cutOff_m3ps = 0
        wear.difference = 0
        wear.perThousandHours = 0
        inputs.error = 0
        inputs.noise = 0
        inputs.filter = .zero
        inputs.resolution = 0
    }

    /// With the pumps that this run has: one of them is the weaker.
    func drawn(seed: UInt64) -> PumpStation {
        var station = self
        var random = Random(seed: seed, stream: "pump station pumps")
        let weaker = Int(random.below(2))
        let share = wear.difference * (0.3 + 0.7 * random.unit())
        let head_m = station.pumps[weaker].shutOffHead_m
        station.pumps[weaker].shutOffHead_m = max(min(head_m, main.outlet_m * 1.05), head_m * (1 - share))
        station.pumps[weaker].ratedCurrent_A *= 1 - share / 2
        return station
    }
}

extension PumpStation.Routine {
    /// What a tidy station's people do, and its supply.
    static let tidy: [PumpStation.Event.Kind] = [
        .handMode, .localStop, .lockout, .programDownload, .sensorCalibration, .supplyDip,
    ]
}
