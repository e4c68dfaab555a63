import TapCore

/// Makes a machine of what stands under `kernel` and `faults`.
struct MachineReader: DocumentReader {
    let mistakes: MistakeList
    /// Where a profile is looked for; nil: nowhere.
    let folder: String?

    /// What stands under `kernel` and `faults`; nil: neither is there.
    ///
    /// - Parameter scenario: with its lines and converters.
    func machine(_ fields: Fields, of scenario: Scenario) -> ScenarioMachine? {
        guard fields["kernel"] != nil || fields["faults"] != nil else { return nil }
        var machine = ScenarioMachine(lines: scenario.lines.map(\.name))
        if let node = fields["kernel"] { kernel(node, of: &machine) }
        machine.faults = FaultReader(mistakes: mistakes, scenario: scenario).faults(fields)
        return machine
    }

    private enum Preset: String, CaseIterable {
        case ideal
        case testKernel = "test-kernel"

        var model: KernelModel {
            switch self {
            case .ideal: .ideal
            case .testKernel: .testKernel
            }
        }
    }

    private func kernel(_ node: Node, of machine: inout ScenarioMachine) {
        let known = [
            "preset", "profile", "interrupt", "thread", "interrupt-tick", "jiffy", "debounce", "queue", "buffer",
            "ring",
        ]
        guard let fields = fields(node, of: "kernel", known: known) else { return }
        if let preset = choice("preset", fields, Preset.allCases) { machine.kernel = preset.model }
        if fields["preset"] != nil, let position = fields.keyPosition("profile") {
            mistakes.add(position, "key 'profile' conflicts with 'preset'", fix: "delete one of the two")
        } else if let model = measuredKernel(fields) {
            machine.kernel = model
        }
        delay("interrupt", fields, &machine.kernel.interrupt)
        delay("thread", fields, &machine.kernel.thread)
        if let tick = duration("interrupt-tick", fields, mayBeZero: true) { machine.kernel.interruptTick = tick }
        if let jiffy = duration("jiffy", fields) { machine.kernel.jiffy = jiffy }
        if let debounce = duration("debounce", fields, mayBeZero: true) { machine.debounce = debounce }
        machine.queue = integer("queue", fields, in: 1...1_024, example: "16")
        if let scans = integer("buffer", fields, in: 1...65_536, example: "128") {
            machine.kernel.converter.bufferLength = scans
        }
        ring(fields, of: &machine)
    }

    private func ring(_ fields: Fields, of machine: inout ScenarioMachine) {
        guard let ring = integer("ring", fields, in: 1_024...1 << 20, example: "65536") else { return }
        guard ring & (ring - 1) == 0 else {
            return mistakes.add(
                fields.position(of: "ring"), "ring \(ring) is not a power of two", fix: "write for example 1024")
        }
        machine.ring = ring
    }

    /// What is not named stays.
    private func delay(_ key: String, _ fields: Fields, _ delay: inout KernelModel.Delay) {
        guard let parts = fields[key].flatMap({ self.fields($0, of: key, known: ["fixed", "jitter"]) }) else { return }
        if let fixed = duration("fixed", parts, mayBeZero: true) { delay.fixed = fixed }
        if let jitter = duration("jitter", parts, mayBeZero: true) { delay.jitter = jitter }
    }

    /// The kernel that `profile` describes, beside the scenario's file.
    private func measuredKernel(_ fields: Fields) -> KernelModel? {
        guard let node = fields["profile"],
            let (name, _) = scalar(node, "profile", meant: "a file", example: "press-line-3.profile.json")
        else { return nil }
        let position = node.position
        guard let folder else {
            mistakes.add(
                position, "profile \(quoted(name)) cannot be found", "because this scenario is not in a folder",
                fix: "delete it, or write the scenario to a file")
            return nil
        }
        do throws(ConfigurationErrors) {
            guard let profile = try ProfileFile.load(path: name.hasPrefix("/") ? name : folder + name) else {
                mistakes.add(
                    position, "profile \(quoted(name)) does not exist",
                    fix: "check the path, which is relative to this file")
                return nil
            }
            let model = KernelModel(profile: profile)
            let longest = max(model.interrupt.fixed + model.interrupt.jitter, model.thread.fixed + model.thread.jitter)
            guard profile.interruptLatency != nil, longest <= .seconds(3_600) else {
                mistakes.add(
                    position, "profile \(quoted(name)) has no irq_latency_ns, or times of more than an hour",
                    "so it does not describe a kernel", fix: "measure it again with 'tap-bench loop'")
                return nil
            }
            return model
        } catch {
            let first = error.mistakes[0]
            let place = first.position.map { "has a mistake at \($0.inFile)" } ?? "cannot be read"
            mistakes.add(
                position, "profile \(quoted(name)) \(place): \(first.what)", first.why, fix: first.remedy)
            return nil
        }
    }
}
