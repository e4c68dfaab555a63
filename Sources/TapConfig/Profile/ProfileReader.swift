import TapCore

/// Makes a profile of a file's tree.
struct ProfileReader: DocumentReader {
    let mistakes: MistakeList

    /// nil for a file that is no profile of this version; that is in `mistakes`.
    func profile(_ root: Node) -> Profile? {
        let known = [
            "tap_profile", "bench", "boards", "provenance", "utc_ns", "date", "tap", "machine", "kernel", "libgpiod",
            "shortest_pulse_ns", "lossless_rate_hz", "irq_latency_ns", "stamp_error_ns", "write_ns", "ring_delay_ns",
            "lines",
        ]
        guard isOfThisVersion(root, .profile),
            let fields = fields(root, of: "a profile", known: known, older: FileKind.profile.older)
        else { return nil }
        require(
            [
                ("tap_profile", "\"tap_profile\": 1"), ("bench", "\"bench\": \"NAME\""),
                ("boards", "\"boards\": [\"NAME\"]"), ("provenance", "\"provenance\": \"hardware\""),
                ("machine", "\"machine\": {\"model\": \"\", \"architecture\": \"aarch64\"}"),
                ("kernel", "\"kernel\": {\"release\": \"\", \"version\": \"\"}"), ("lines", "\"lines\": []"),
            ], in: fields)
        var profile = Profile(
            bench: text("bench", fields, .boardName) ?? "", boards: texts("boards", fields, .boardName),
            provenance: choice("provenance", fields, [Provenance.hardware, .emulatedKernel]) ?? .emulatedKernel,
            utc: nanoseconds("utc_ns", fields) ?? 0, version: free("tap", fields), model: "", architecture: "",
            kernel: "", kernelBuild: "", libgpiod: free("libgpiod", fields), lines: [])
        if let machine = part("machine", fields, known: ["model", "architecture"]) {
            profile.model = free("model", machine)
            profile.architecture = free("architecture", machine)
        }
        if let kernel = part("kernel", fields, known: ["release", "version"]) {
            profile.kernel = free("release", kernel)
            profile.kernelBuild = free("version", kernel)
        }
        profile.interruptLatency = spread("irq_latency_ns", fields)
        profile.stampError = spread("stamp_error_ns", fields)
        profile.write = spread("write_ns", fields)
        profile.ringDelay = spread("ring_delay_ns", fields)
        profile.lines = list("lines", fields, form: "{\"line\": \"NAME\", \"chip\": \"LABEL\"}").map { line($0) }
        return profile
    }

    private func line(_ node: Node) -> Profile.Line {
        let known = ["line", "chip", "offset", "shortest_pulse_ns", "pulses", "lossless_rate_hz"]
        guard let fields = fields(node, of: "a line", known: known) else {
            return Profile.Line(name: "", chip: "", offset: 0)
        }
        require([("line", "\"line\": \"NAME\""), ("chip", "\"chip\": \"LABEL\"")], in: fields)
        return Profile.Line(
            name: text("line", fields, .lineName) ?? "", chip: text("chip", fields, .label) ?? "",
            offset: integer("offset", fields, in: 0...Int.max, example: "17") ?? 0,
            shortestPulse: nanoseconds("shortest_pulse_ns", fields).map { Nanoseconds(Int64(clamping: $0)) },
            pulses: nanoseconds("pulses", fields) ?? 0, losslessRate_hz: nanoseconds("lossless_rate_hz", fields))
    }

    private func spread(_ key: String, _ fields: Fields) -> Profile.Spread? {
        guard let parts = part(key, fields, known: ["count", "min", "p50", "p99_9", "max"]) else { return nil }
        require(
            [
                ("count", "\"count\": 1000"), ("min", "\"min\": 0"), ("p50", "\"p50\": 0"), ("p99_9", "\"p99_9\": 0"),
                ("max", "\"max\": 0"),
            ], in: parts)
        return Profile.Spread(
            count: nanoseconds("count", parts) ?? 0, minimum: nanoseconds("min", parts) ?? 0,
            median: nanoseconds("p50", parts) ?? 0, share999: nanoseconds("p99_9", parts) ?? 0,
            maximum: nanoseconds("max", parts) ?? 0)
    }

    private func part(_ key: String, _ fields: Fields, known: [String]) -> Fields? {
        fields[key].flatMap { self.fields($0, of: key, known: known) }
    }

    /// Text that others wrote, which may be empty.
    private func free(_ key: String, _ fields: Fields) -> String {
        guard let node = fields[key] else { return "" }
        if case .scalar("", false) = node.value { return "" }
        return text(node, key, .note) ?? ""
    }

    private func nanoseconds(_ key: String, _ fields: Fields) -> UInt64? {
        integer(key, fields, in: 0...Int.max, example: "1000").map(UInt64.init)
    }
}
