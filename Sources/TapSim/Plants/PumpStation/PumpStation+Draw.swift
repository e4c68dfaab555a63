public import TapConfig
public import TapCore

/// What a campaign and its oracle ask of a station.
extension PumpStation {
    public var utcAtStart_s: Int { Int(CivilClock(clock).utc_ns(at: 0) / 1_000_000_000) }

    /// Two polls.
    public func claimDelay(of tag: String) -> Nanoseconds { hmi.period * 2 }

    /// As `AnalogInput` draws it.
    public func claimFilter(of tag: String) -> ClosedRange<Nanoseconds> {
        let longest: Nanoseconds =
            switch StationTag.named(tag) {
            case .level, .flow: inputs.filter
            case .pressure: Nanoseconds(inputs.filter.count / 5)
            case .current1, .current2: Nanoseconds(inputs.filter.count / 10)
            default: .zero
            }
        return Nanoseconds(longest.count / 10)...longest
    }

    /// Weather, where the water stands, wear, how busy people are, and perhaps a fault.
    public func draw(_ draw: PlantDraw) -> [String] {
        var lines = [
            "well: {first-level-m: \(plain(draw.number(1.1, 1.9)))}",
            "inflow: {mean-m3ps: \(plain(draw.number(0.008, 0.03))), rains-per-day: \(plain(draw.number(0, 8)))}",
            "pumps: [{operations: \(draw.index(900_000))}, {operations: \(draw.index(900_000))}]",
            "hmi: {clock-error: \(draw.index(90))s}",
        ]
        let share = plain(draw.number(0, 0.5))
        lines.append("routine: {hand-mode: \(share), local-stop: \(share), sensor-calibration: \(share)}")
        if draw.hasFaults {
            let faults: [Event.Kind] = [
                .lostPhase, .checkValveLeaking, .checkValveStuck, .floatStuck, .contactorWelded,
            ]
            let fault = draw.pick(faults)
            var words = ["what: \(fault.rawValue)", "at: \(DurationText.exact(draw.time(0.1, 0.5)))"]
            words.append("for: \(DurationText.exact(draw.time(0.05, 0.4)))")
            if fault.concernsOnePump { words.append("pump: \(1 + draw.index(2))") }
            lines.append("events: [{\(words.joined(separator: ", "))}]")
        }
        return lines
    }
}
