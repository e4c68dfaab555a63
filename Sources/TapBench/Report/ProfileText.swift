public import TapCore
import TapFormats

extension Profile {
    /// With what a loop found.
    ///
    /// - Parameter inputs: the listening ends, in the order of the result's lines.
    public mutating func fill(_ result: LoopResult, inputs: [BoardLine]) {
        interruptLatency = Spread(result.latency)
        stampError = Spread(result.stampError)
        write = Spread(result.writes)
        ringDelay = Spread(result.ringDelays)
        lines = zip(result.lines, inputs).map { line, input in
            Line(
                name: input.name, chip: input.chip, offset: input.offset, shortestPulse: line.shortestPulse,
                pulses: line.pulses, losslessRate_hz: line.losslessRate_hz)
        }
    }

    /// docs/formats/profile.md. Ends with a newline.
    public var json: String {
        let members: [(String, String?)] = [
            ("tap_profile", "1"), ("bench", JSON.string(bench)), ("boards", JSON.array(boards.map(JSON.string))),
            ("provenance", JSON.string(provenance.rawValue)), ("utc_ns", "\(utc)"),
            ("date", JSON.string(Words.utc(utc))), ("tap", JSON.string(version)),
            (
                "machine",
                JSON.object([("model", JSON.string(model)), ("architecture", JSON.string(architecture))])
            ),
            ("kernel", JSON.object([("release", JSON.string(kernel)), ("version", JSON.string(kernelBuild))])),
            ("libgpiod", JSON.string(libgpiod)), ("shortest_pulse_ns", shortestPulse.map { "\($0.count)" }),
            ("lossless_rate_hz", losslessRate_hz.map { "\($0)" }), ("irq_latency_ns", interruptLatency?.json),
            ("stamp_error_ns", stampError?.json), ("write_ns", write?.json), ("ring_delay_ns", ringDelay?.json),
            ("lines", "[\n    \(lines.map(\.json).joined(separator: ",\n    "))\n  ]"),
        ]
        let rows = members.compactMap { name, value in value.map { "  \(JSON.string(name)): \($0)" } }
        return "{\n\(rows.joined(separator: ",\n"))\n}\n"
    }
}

extension Profile.Spread {
    fileprivate var json: String {
        JSON.object([
            ("count", "\(count)"), ("min", "\(minimum)"), ("p50", "\(median)"), ("p99_9", "\(share999)"),
            ("max", "\(maximum)"),
        ])
    }
}

extension Profile.Line {
    fileprivate var json: String {
        JSON.object([
            ("line", JSON.string(name)), ("chip", JSON.string(chip)), ("offset", "\(offset)"),
            ("shortest_pulse_ns", shortestPulse.map { "\($0.count)" }), ("pulses", "\(pulses)"),
            ("lossless_rate_hz", losslessRate_hz.map { "\($0)" }),
        ])
    }
}
