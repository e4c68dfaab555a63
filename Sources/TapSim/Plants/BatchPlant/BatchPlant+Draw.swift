public import TapConfig
public import TapCore

/// What a campaign and its oracle ask of the plant.
extension BatchPlant {
    /// Two polls.
    public func claimDelay(of tag: String) -> Nanoseconds { hmi.period * 2 }

    /// As the PLC's inputs have it: of each scan of 50 ms they take in a twentieth, of pH a tenth.
    public func claimFilter(of tag: String) -> ClosedRange<Nanoseconds> {
        switch BatchTag.named(tag) {
        case .weight, .temperature: .milliseconds(950) ... .milliseconds(1_000)
        case .acidity: .milliseconds(450) ... .milliseconds(500)
        default: .zero ... .zero
        }
    }

    /// Content, chemistry, strength of the waste water, wear of valves and heater, how busy people are, and perhaps a fault.
    public func draw(_ draw: PlantDraw) -> [String] {
        let travel = ["XV1", "XV2", "XV3"].map { "\($0): \(3_000 + draw.index(3_001))ms" }
        let chances = plain(draw.number(0, 0.5))
        var lines = [
            "vessel: {waste-kgps: \(plain(draw.number(1, 3))), water-degC: \(plain(draw.number(6, 20)))}",
            "chemistry: {acid-molpl: \(plain(draw.number(0.03, 0.1))), buffer-molpl: \(plain(draw.number(0.01, 0.05)))}",
            "heater: {voltage-V: \(plain(draw.number(215, 245)))}",
            "valves: {\(travel.joined(separator: ", "))}",
            "hmi: {clock-error: \(draw.index(90))s}",
            "routine: {manual-dosing: \(chances), probe-calibration: \(chances), operator-hold: \(chances)}",
        ]
        // Of what is asked for at any hour: a campaign's runs are short.
        var events = ["{what: order, at: 1min, recipe: \(1 + draw.index(3))}"]
        if draw.hasFaults {
            let fault = draw.pick(Event.Kind.allCases.filter(\.isFault))
            var words = ["what: \(fault.rawValue)", "at: \(DurationText.exact(draw.time(0.1, 0.5)))"]
            words.append("for: \(DurationText.exact(draw.time(0.05, 0.4)))")
            if fault == .valveStuck { words.append("valve: \(1 + draw.index(3))") }
            events.append("{\(words.joined(separator: ", "))}")
        }
        lines.append("events: [\(events.joined(separator: ", "))]")
        return lines
    }
}
