public import TapConfig
public import TapCore

/// What a campaign and its oracle ask of the bay.
extension FeederBay {
    /// Two polls; of what changes often, one more until the RTU has been asked for all changes.
    public func claimDelay(of tag: String) -> Nanoseconds { hmi.period * 3 }

    /// Load, mechanism, the relay's and the RTU's clock, and a fault of the line or of the bay.
    public func draw(_ draw: PlantDraw) -> [String] {
        var lines = [
            "breaker: {opening: \(30 + draw.index(16))ms, closing: \(50 + draw.index(31))ms, spring-motor: \(8 + draw.index(5))s}",
            "line: {load-A: \(plain(draw.number(200, 380))), fault-A: \(plain(draw.number(3_000, 6_000)))}",
            "rtu: {clock-error: \(draw.index(20))ms}",
            "hmi: {clock-error: \(draw.index(900))ms}",
        ]
        // Most of what is done to protection shows only where there is something to protect from.
        var events: [String] = []
        if draw.chance(0.5) {
            events.append("{what: transient-fault, at: \(DurationText.exact(draw.time(0.2, 0.8))), for: 5s}")
        }
        if draw.hasFaults {
            let faults: [Event.Kind] = [
                .permanentFault, .slowMechanism, .auxiliaryStuck, .springMotor, .poleStuck, .coilOpen, .gasLow, .dcLost,
            ]
            let length = DurationText.exact(draw.time(0.05, 0.4))
            let at = DurationText.exact(draw.time(0.1, 0.5))
            let fault = draw.pick(faults)
            // A fault of the line takes the place of the other one.
            if fault == .permanentFault { events = [] }
            events.append("{what: \(fault.rawValue), at: \(at), for: \(length)}")
        }
        if !events.isEmpty { lines.append("events: [\(events.joined(separator: ", "))]") }
        return lines
    }
}
