import TapCore

/// Makes faults of what stands under `faults`.
struct FaultReader: DocumentReader {
    let mistakes: MistakeList
    /// Whose lines and converters they are at.
    let scenario: Scenario

    /// What stands under `faults`.
    func faults(_ fields: Fields) -> [Fault] {
        list("faults", fields, form: "- {fault: chip-unplug, chip: simulated, at: 2s, for: 1s}")
            .compactMap { fault($0) }
    }

    private static let quantities = ["extra", "period", "consumer"]

    private func fault(_ node: Node) -> Fault? {
        let known = ["fault", "line", "chip", "converter", "at", "for"] + Self.quantities
        guard let fields = fields(node, of: "a fault", known: known) else { return nil }
        require([("fault", "fault: chip-unplug"), ("at", "at: 2s"), ("for", "for: 1s")], in: fields)
        let at = duration("at", fields, mayBeZero: true)
        let span = duration("for", fields)
        guard let name = faultName(fields), let place = place(name, fields),
            let effect = effect(name, at: place, fields), let at, let span
        else { return nil }
        return Fault(effect, at: place, from: at, lasting: span)
    }

    private func faultName(_ fields: Fields) -> Fault.Name? {
        let names = Fault.Name.playable
        guard let node = fields["fault"],
            let (text, _) = scalar(node, "fault", meant: "a name", example: names[0].rawValue)
        else { return nil }
        guard let name = Fault.Name(rawValue: text) else {
            let near = probableName(for: text, in: names.map(\.rawValue))
            mistakes.add(
                node.position, "fault \(quoted(text)) is not known",
                fix: near.map { "did you mean '\($0)'?" } ?? "write \(alternatives(names.map(\.rawValue)))")
            return nil
        }
        guard names.contains(name) else {
            let why =
                name == .reboot
                ? "because a scenario is one run of a machine" : "because a scenario's run writes no wall clock"
            mistakes.add(
                node.position, "fault \(text) cannot be played from a scenario", why,
                fix: "delete it; 'tap sim fuzz' has it")
            return nil
        }
        return name
    }

    private func place(_ name: Fault.Name, _ fields: Fields) -> Fault.Place? {
        let kinds = name.places
        let others = [Fault.Place.Kind.line, .chip, .converter].filter { !kinds.contains($0) }
        let owner = alternatives(kinds.map { "a \($0.rawValue)" })
        refuse(others.map(\.rawValue), in: fields, because: "because \(name.rawValue) is of \(owner)")
        if kinds == [.consumer] { return .consumer }
        let named = kinds.filter { fields[$0.rawValue] != nil }
        guard let kind = named.first else {
            // A misspelt key is reported already.
            require([(kinds[0].rawValue, kinds.map { example($0) }.joined(separator: "' or '"))], in: fields)
            return nil
        }
        if named.count > 1, let position = fields.keyPosition(named[1].rawValue) {
            mistakes.add(
                position, "a fault is at one place", "and '\(kind.rawValue)' names one",
                fix: "delete one of the two, or write two faults")
            return nil
        }
        return place(kind, fields, among: names(kind))
    }

    private func names(_ kind: Fault.Place.Kind) -> [String] {
        switch kind {
        case .line: scenario.lines.map(\.name)
        case .converter: scenario.converters.map(\.name)
        default: [ScenarioMachine.chip]
        }
    }

    private func example(_ kind: Fault.Place.Kind) -> String {
        "\(kind.rawValue): \(names(kind).first ?? "NAME")"
    }

    private func place(_ kind: Fault.Place.Kind, _ fields: Fields, among names: [String]) -> Fault.Place? {
        guard let node = fields[kind.rawValue],
            let (name, _) = scalar(node, kind.rawValue, meant: "a name", example: names.first ?? "NAME")
        else { return nil }
        guard names.contains(name) else {
            let near = nearestNames(to: name, in: names)
            mistakes.add(
                node.position, "\(kind.rawValue) \(quoted(name)) is not in this scenario",
                fix: near.isEmpty
                    ? "add a \(kind.rawValue), or delete the fault"
                    : "write \(alternatives(near.map { printable($0) }))")
            return nil
        }
        switch kind {
        case .line: return .line(name)
        case .converter: return .converter(name)
        default: return .chip(name)
        }
    }

    private func effect(_ name: Fault.Name, at place: Fault.Place, _ fields: Fields) -> Fault.Effect? {
        let own: [(key: String, example: String)] =
            switch name {
            case .latencySpike: [("extra", "extra: 5ms")]
            case .stormLine: [("period", "period: 10us")]
            case .queueOverflow: place.kind == .line ? [("period", "period: 1ms")] : []
            case .lineBusy: [("consumer", "consumer: gpiomon")]
            default: []
            }
        require(own, in: fields)
        let owner = own.isEmpty && name == .queueOverflow ? " of a converter" : ""
        refuse(
            Self.quantities.filter { key in !own.contains { $0.key == key } }, in: fields,
            because: "because \(name.rawValue)\(owner) has no such thing")
        switch name {
        case .latencySpike: return duration("extra", fields).map { .latencySpike($0) }
        case .stormLine: return duration("period", fields).map { .stormLine(period: $0) }
        case .queueOverflow where place.kind == .line:
            return duration("period", fields).map { .queueOverflow(period: $0) }
        // A converter's scans come at its own rate.
        case .queueOverflow: return .queueOverflow(period: .milliseconds(1))
        case .lineBusy: return text("consumer", fields, .label).map { .lineBusy(consumer: $0) }
        case .slowConsumer: return .slowConsumer
        case .chipUnplug: return .chipUnplug
        case .readError: return .readError
        case .stuckADC: return .stuckADC
        case .droppedScans: return .droppedScans
        case .duplicatedScans: return .duplicatedScans
        case .tornStream: return .tornStream
        case .clockStep, .clockDrift, .synchronisationLost, .reboot: return nil
        }
    }
}

extension Fault.Name {
    /// Those that a scenario's run can have.
    fileprivate static let playable = allCases.filter { name in
        name.places.allSatisfy { ![.clock, .machine].contains($0) }
    }
}
