public import TapConfig
public import TapCore

/// Draws scenarios of a plant that differ in what matters to a detector: date and hour, state of the plant, the channel of
/// its claims, and which attacks, on what, how strong and how long. A run's scenario is a function of the campaign and the
/// run's number.
public struct Campaign: Sendable {
    /// What is drawn beside the conditions.
    public enum Subject: String, Sendable, CaseIterable {
        case attacks, faults, normal
        /// Half of the runs attacks, a quarter faults.
        case all
    }

    private let kind: PlantKind
    private let plant: any PlantDescription
    private let seed: UInt64
    private let subject: Subject
    private let duration: Nanoseconds

    /// - Throws: where there is no such plant.
    public init(
        _ name: String, seed: UInt64, _ subject: Subject, duration: Nanoseconds, plants: [PlantKind] = Plants.all
    ) throws(TapError) {
        guard let kind = plants.first(where: { $0.name == name }), let plant = Campaign.usual(kind) else {
            throw TapError(
                .notFound, "plant '\(printable(name))'", "is not known",
                remedy: "there are \(plants.map(\.name).joined(separator: ", "))")
        }
        self.kind = kind
        self.plant = plant
        self.seed = seed
        self.subject = subject
        self.duration = duration
    }

    /// The plant as it is unless a scenario says otherwise.
    private static func usual(_ kind: PlantKind) -> (any PlantDescription)? {
        let text = "tap-scenario: 1\nname: usual\ntitle: Usual\nplant: {kind: \(kind.name)}\n"
        return try? ScenarioFile.parse(text, file: "usual", plants: [kind]).plant
    }

    /// As its files are called.
    public static func name(of run: Int) -> String {
        let digits = "\(run)"
        return "run-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    /// The text of a run's scenario file.
    ///
    /// - Parameter run: from 1 on.
    public func text(of run: Int) -> String {
        var random = Random(seed: seed, stream: "campaign \(kind.name) run \(run)")
        let ownSeed = random.next() >> 33
        let kinds: [Subject] = [.attacks, .attacks, .faults, .normal]
        let subject = self.subject == .all ? kinds[Int(random.below(4))] : self.subject
        let draw = PlantDraw(duration: duration, hasFaults: subject == .faults) { random.unit() }
        var lines = [
            "tap-scenario: 1", "name: \(Campaign.name(of: run))",
            "title: Run \(run) of a campaign with seed \(seed), \(subject.rawValue)", "seed: \(ownSeed)",
            "for: \(DurationText.exact(duration))", "plant:", "  kind: \(kind.name)",
        ]
        if kind.keys.contains("clock") { lines.append("  clock: {start: \"\(date(draw))\"}") }
        lines += plant.draw(draw).map { "  \($0)" }
        if draw.chance(0.5) { lines.append("channel: \(channel(draw))") }
        if subject == .attacks, !plant.attackKinds.isEmpty {
            lines.append("attacks:")
            // Never two of one kind: they could be on the same thing at once.
            var kinds = plant.attackKinds
            for _ in 0..<min(kinds.count, draw.chance(0.25) ? 2 : 1) {
                let kind = kinds.remove(at: draw.index(kinds.count))
                lines.append("  - {\(attack(of: kind, draw))}")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func date(_ draw: PlantDraw) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = "2026-\(two(1 + draw.index(12)))-\(two(1 + draw.index(28)))"
        return "\(day) \(two(draw.index(24))):\(two(draw.index(60))):\(two(draw.index(60)))"
    }

    private func channel(_ draw: PlantDraw) -> String {
        let delay = "delay: {fixed: \(draw.index(500))ms, jitter: \(draw.index(1_000))ms}"
        let losses = "loss: \(plain(draw.number(0, 0.01))), duplicates: \(plain(draw.number(0, 0.01)))"
        return "{\(delay), \(losses), repeats: \(plain(draw.number(0, 0.01))), order: \(draw.pick(["kept", "free"]))}"
    }

    private func attack(of kind: AttackKind, _ draw: PlantDraw) -> String {
        var words = ["aim: \(kind.aim.rawValue)", "variant: \(kind.name)"]
        let target = kind.targets.isEmpty ? nil : draw.pick(kind.targets)
        if let target { words.append("target: \(target)") }
        if kind.hasValue { words.append("value: \(draw.pick(["on", "off"]))") }
        if let strength = kind.strength { words.append("strength: \(plain(drawn(strength, draw)))") }
        var earliest = draw.time(0.1, 0.5)
        if let span = kind.span {
            let share = 0.25 + 1.75 * draw.number(0, 1)
            let milliseconds = Int64((Double(span.usual.count) * share / 1e6).rounded())
            let own = min(max(.milliseconds(milliseconds), span.range.lowerBound), span.range.upperBound)
            let chosen = span.isBefore ? min(own, max(span.range.lowerBound, earliest)) : own
            if span.isBefore { earliest = max(earliest, chosen) }
            words.append("\(span.key): \(DurationText.exact(chosen))")
        }
        words += ["from: \(DurationText.exact(earliest))", "for: \(DurationText.exact(draw.time(0.05, 0.45)))"]
        return words.joined(separator: ", ")
    }

    /// Twice the usual strength down to a hundredth of it, which is within what sensors can tell apart; on either side of
    /// where it does nothing.
    private func drawn(_ strength: AttackKind.Strength, _ draw: PlantDraw) -> Double {
        var share = draw.number(1, 2)
        for _ in 0..<draw.index(8) { share /= 2 }
        if draw.chance(0.5) { share = -share }
        let value = strength.neutral + (strength.usual - strength.neutral) * share
        let rounded = (value * 1e6).rounded() / 1e6
        return min(max(rounded, strength.range.lowerBound), strength.range.upperBound)
    }
}
