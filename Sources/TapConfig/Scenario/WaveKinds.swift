/// The kinds of waves: what may stand at the key `wave`, and the keys that go with each.
struct WaveKinds: Sendable {
    /// As in a message.
    let noun: String
    let kinds: [(name: String, keys: [String])]

    func keys(of kind: String) -> [String]? { kinds.first { $0.name == kind }?.keys }
    var names: [String] { kinds.map(\.name) }

    static let digital = WaveKinds(
        noun: "digital",
        kinds: [
            ("constant", ["level"]),
            ("square", ["period", "frequency", "duty", "phase", "start", "jitter"]),
            ("pulse-train", ["pulses", "width", "period", "every", "phase", "start", "jitter"]),
            ("burst", ["at", "pulses", "width", "period", "start", "jitter"]),
            ("changes", ["at", "start"]),
            ("pwm", ["period", "frequency", "phase", "duty"]),
            ("encoder", ["track", "period", "frequency", "turns", "turn-every"]),
            ("chance", ["mean-interval", "width"]),
            ("uart", ["baud", "frame", "inverted", "text", "bytes", "at", "every"]),
            (
                "modbus",
                [
                    "baud", "frame", "server", "function", "address", "values", "exception", "answer-after", "at",
                    "every",
                ]
            ),
            ("signal", ["signal"]),
            ("invert", ["of"]),
            ("delay", ["of", "by"]),
            ("and", ["of"]), ("or", ["of"]), ("xor", ["of"]),
            ("between", ["of", "from", "to"]),
            ("stuck", ["of", "from", "to", "level"]),
            ("glitch", ["of", "at", "mean-interval", "width"]),
            ("missing", ["of", "numbers", "nth", "share"]),
            ("extra", ["of", "numbers", "nth", "share", "after", "width"]),
            ("bounce", ["of", "mean", "longest", "spacing"]),
            ("chatter", ["of", "mains", "drop-out", "phase"]),
        ])

    static let analog = WaveKinds(
        noun: "analog",
        kinds: [
            ("dc", ["value", "unit"]),
            ("sine", ["amplitude", "offset", "period", "frequency", "phase", "unit"]),
            ("ramp", ["amplitude", "offset", "period", "frequency", "phase", "unit"]),
            ("triangle", ["amplitude", "offset", "period", "frequency", "phase", "unit"]),
            ("square", ["amplitude", "offset", "period", "frequency", "phase", "duty", "unit"]),
            ("step", ["from", "to", "at", "response", "time-constant", "natural-period", "damping", "unit"]),
            ("noise", ["deviation", "unit"]),
            ("pink-noise", ["deviation", "unit"]),
            ("mains", ["amplitude", "mains", "phase", "harmonics", "unit"]),
            ("drift", ["per-hour", "limit", "unit"]),
            ("spikes", ["amplitude", "mean-interval", "decay", "unit"]),
            ("follow", ["of", "low", "high", "time-constant", "unit"]),
            ("signal", ["signal"]),
            ("sum", ["of"]),
            ("scale", ["of", "factor", "offset", "unit"]),
            ("saturate", ["of", "low", "high"]),
            ("between", ["of", "from", "to"]),
            ("stuck", ["of", "from", "to", "value"]),
            ("loop", ["of", "low", "high", "failures"]),
            ("volts", ["of", "low", "high"]),
        ])
}
