import TapConfig
import TapCore

/// Compares the run of a scenario with the one that lacks an attack or a fault. Its memory is constant for each tag and signal.
struct OracleComparison {
    private let subjects: OracleSubjects
    private let digitalNames: [String]
    private let analogNames: [(name: String, unit: String)]
    /// What is judged acts on what is measured: a signal may give it away.
    private let isInField: Bool
    private let from: UInt64
    private var tags: [TagState]
    private var repeats = (full: Repeats(), without: Repeats())
    /// When each signal is first another one in the two runs; the end of time: never.
    private var digital: [UInt64]
    private var analog: [UInt64]
    private var commands: [Evidence] = []
    /// Of a signal that is no command, the first to be another one.
    private var contact: Evidence?
    /// By analog signal, while all commands are the same.
    private var departures: [Departure]
    /// The first difference of any signal or claim.
    private var first = UInt64.max

    /// What was seen of a tag in both runs.
    private struct TagState {
        var claimWire: Evidence?
        /// The farthest that a claim is from its signal in the run without the attack.
        var worst = 0.0
        var claimClaim: Evidence?
        var within: Evidence?
        var backwards: Evidence?
        /// In the run without the attack a counter grows and never falls.
        var grows = false
        var falls = false
        var last: (full: Double?, without: Double?)
        var pauses: (full: Pauses, without: Pauses) = (Pauses(), Pauses())
    }

    /// How long a tag was without claims.
    private struct Pauses {
        var last: UInt64 = 0
        var begin: UInt64 = 0
        var longest: UInt64 = 0

        /// - Parameter start: a pause that is over before is none.
        mutating func end(at time: UInt64, from start: UInt64 = 0) {
            if time > last, time - last > longest, time > start { (begin, longest) = (last, time - last) }
            last = max(last, time)
        }
    }

    /// The numbers of one report as a digest, until the next one begins.
    private struct Repeats {
        var watch = RepeatWatch()
        var time = UInt64.max
        var digest = Random.digest("")
        var found: (since: UInt64, age: UInt64)?

        mutating func add(_ claim: ClaimTruth) {
            guard case .number(let number) = claim.value, !claim.isDuplicate, claim.arrived != nil else { return }
            if claim.claimed.nanoseconds != time {
                if time != .max, let age = watch.add(digest, at: time), found == nil { found = (time, age) }
                (time, digest) = (claim.claimed.nanoseconds, Random.digest(""))
            }
            digest = (digest ^ number.bitPattern ^ UInt64(claim.tag.id.index)) &* 0x100_0000_01B3
        }
    }

    init(_ subjects: OracleSubjects, _ signals: Signals, from: UInt64, isInField: Bool) {
        self.subjects = subjects
        self.from = from
        self.isInField = isInField
        digitalNames = signals.digital.map(\.name)
        analogNames = signals.analog.map { ($0.name, $0.unit) }
        departures = subjects.accuracies.map { Departure(accuracy: $0) }
        tags = subjects.tags.map { _ in TagState(last: (nil, nil)) }
        digital = Array(repeating: .max, count: signals.digital.count)
        analog = Array(repeating: .max, count: signals.analog.count)
    }

    // MARK: Signals

    mutating func take(_ full: OracleRun.Stride, _ without: OracleRun.Stride) {
        for index in digital.indices where digital[index] == .max {
            compare(index, full.digital[index], without.digital[index])
        }
        for index in analog.indices where analog[index] == .max {
            let (mine, other) = (full.analog[index], without.analog[index])
            guard mine != other else { continue }
            let same = zip(mine, other).prefix { $0 == $1 }.count
            let times = [mine, other].compactMap { same < $0.count ? $0[same].time : nil }
            analog[index] = times.min() ?? .max
        }
        first = min(first, digital.min() ?? .max, analog.min() ?? .max)
        if isInField {
            let limit = firstCommand
            for index in departures.indices {
                departures[index].take(full.analog[index], without.analog[index], before: limit)
            }
        }
        pair(full.claims, without.claims)
    }

    private mutating func compare(
        _ index: Int, _ mine: [Signals.Transition], _ other: [Signals.Transition]
    ) {
        guard mine != other else { return }
        let same = zip(mine, other).prefix { $0 == $1 }.count
        let (left, right) = (same < mine.count ? mine[same] : nil, same < other.count ? other[same] : nil)
        let isMine = (left?.time ?? .max) <= (right?.time ?? .max)
        guard let changed = isMine ? left : right else { return }
        digital[index] = changed.time
        guard !subjects.isBus[index] else { return }
        let isHigh = isMine ? changed.isHigh : !changed.isHigh
        let isCommand = subjects.isCommand[index]
        let evidence = Evidence(
            relation: isCommand ? .wireAgainstProgram : .wireAgainstMachine,
            since: Timestamp(nanoseconds: changed.time), subject: digitalNames[index],
            against: isHigh ? "low" : "high", by: 1, unit: "", accuracy: 0)
        if isCommand {
            commands.append(evidence)
        } else if contact.map({ evidence.since < $0.since }) ?? true {
            contact = evidence
        }
    }

    private var firstCommand: UInt64 { commands.map(\.since.nanoseconds).min() ?? .max }

    /// What the machine would not give for the same commands: of all signals the one that is first to be seen. Those that
    /// are another one later may be so through the machine.
    private var machine: Evidence? {
        guard isInField else { return nil }
        var earliest = contact.flatMap { $0.since.nanoseconds < firstCommand ? $0 : nil }
        for (index, departure) in departures.enumerated()
        where departure.since < earliest?.since.nanoseconds ?? .max {
            earliest = evidence(of: index, since: departure.since)
        }
        return earliest
    }

    /// The analog signal that is nearest to its accuracy.
    private var slightest: Evidence? {
        let index = departures.indices.filter { departures[$0].most > 0 && departures[$0].accuracy > 0 }
            .max { departures[$0].most / departures[$0].accuracy < departures[$1].most / departures[$1].accuracy }
        return index.map { evidence(of: $0, since: from) }
    }

    private func evidence(of index: Int, since: UInt64) -> Evidence {
        Evidence(
            relation: .wireAgainstMachine, since: Timestamp(nanoseconds: since), subject: analogNames[index].name,
            against: "the sound one", by: departures[index].most, unit: analogNames[index].unit,
            accuracy: departures[index].accuracy)
    }

    /// When what the program acts on first differs: from then on everything may, through the machine.
    private var firstInput: UInt64 {
        let inputs = digital.indices.filter { !subjects.isCommand[$0] && !subjects.isBus[$0] }.map { digital[$0] }
        return min(inputs.min() ?? .max, analog.min() ?? .max)
    }

    /// When any signal but the talk first differs.
    private var firstWire: UInt64 {
        min(digital.indices.filter { !subjects.isBus[$0] }.map { digital[$0] }.min() ?? .max, analog.min() ?? .max)
    }

    // MARK: Claims

    /// Both are in the order in which they were made.
    private mutating func pair(_ full: [OracleRun.Observed], _ without: [OracleRun.Observed]) {
        let wires = firstWire
        var (left, right) = (0, 0)
        while left < full.count || right < without.count {
            let mine = left < full.count ? full[left] : nil
            let other = right < without.count ? without[right] : nil
            let order = mine.map { mine in other.map { OracleComparison.order(mine, $0) } ?? -1 } ?? 1
            if order <= 0, let mine { see(mine, without: order == 0 ? other : nil, wires) }
            if order >= 0, let other { seeWithout(other) }
            if order != 0 { first = min(first, (order < 0 ? mine : other)?.claim.claimed.nanoseconds ?? .max) }
            left += order <= 0 ? 1 : 0
            right += order >= 0 ? 1 : 0
        }
    }

    private static func order(_ one: OracleRun.Observed, _ other: OracleRun.Observed) -> Int {
        let left = (one.claim.claimed.nanoseconds, one.claim.tag.id.index, one.claim.isDuplicate ? 1 : 0)
        let right = (other.claim.claimed.nanoseconds, other.claim.tag.id.index, other.claim.isDuplicate ? 1 : 0)
        return left == right ? 0 : left < right ? -1 : 1
    }

    /// A claim of the run with the attack, and the same one of the other.
    private mutating func see(_ mine: OracleRun.Observed, without other: OracleRun.Observed?, _ wires: UInt64) {
        let claim = mine.claim
        let index = Int(claim.tag.id.index)
        guard let arrived = claim.arrived else { return }
        repeats.full.add(claim)
        tags[index].pauses.full.end(at: claim.claimed.nanoseconds, from: from)
        count(index, claim, arrived)
        let subject = subjects.tags[index]
        tags[index].worst = max(tags[index].worst, other?.distance ?? 0)
        let accuracy = subject.hasAccuracy ? subject.accuracy : tags[index].worst
        // What lies in both runs must be farther off by more than that.
        let without = other?.distance ?? 0
        let honest = without > accuracy ? without + accuracy : accuracy
        if let distance = mine.distance, let wire = subject.wire, distance > honest {
            OracleComparison.add(
                &tags[index].claimWire, .claimAgainstWire, arrived, subject, against: wire.name, by: distance)
        }
        guard let other, other.claim.value != claim.value else { return }
        first = min(first, claim.claimed.nanoseconds)
        guard claim.claimed.nanoseconds < wires else { return }
        let difference = OracleComparison.difference(claim.value, other.claim.value)
        // Of a text there is no distance.
        if mine.distance == nil {
            OracleComparison.add(
                &tags[index].claimClaim, .claimAgainstClaim, arrived, subject, against: "the same signals",
                by: difference)
        } else {
            OracleComparison.add(
                &tags[index].within, .claimAgainstWire, arrived, subject, against: subject.wire?.name ?? "",
                by: difference)
        }
    }

    private mutating func seeWithout(_ other: OracleRun.Observed) {
        let claim = other.claim
        guard claim.arrived != nil else { return }
        let index = Int(claim.tag.id.index)
        repeats.without.add(claim)
        tags[index].pauses.without.end(at: claim.claimed.nanoseconds)
        guard !claim.isStale, case .number(let number) = claim.value else { return }
        if let last = tags[index].last.without {
            if number < last { tags[index].falls = true }
            if number > last { tags[index].grows = true }
        }
        tags[index].last.without = number
    }

    /// A counter that goes back.
    private mutating func count(_ index: Int, _ claim: ClaimTruth, _ arrived: Timestamp) {
        guard !claim.isStale, case .number(let number) = claim.value else { return }
        if subjects.tags[index].wire == nil, let last = tags[index].last.full, number < last {
            OracleComparison.add(
                &tags[index].backwards, .claimAgainstClaim, arrived, subjects.tags[index],
                against: "what it was before",
                by: last - number)
        }
        tags[index].last.full = number
    }

    private static func difference(_ one: Claim.Value, _ other: Claim.Value) -> Double {
        guard case (.number(let one), .number(let other)) = (one, other) else { return 1 }
        return abs(one - other)
    }

    private static func add(
        _ evidence: inout Evidence?, _ relation: Evidence.Relation, _ since: Timestamp,
        _ subject: OracleSubjects.Subject, against: String, by: Double
    ) {
        var found =
            evidence
            ?? Evidence(
                relation: relation, since: since, subject: subject.name, against: against, by: by,
                unit: subject.unit, accuracy: subject.accuracy)
        found.by = max(found.by, by)
        evidence = found
    }

    // MARK: At the end

    /// What was found, up to the end of the run.
    ///
    /// - Parameter blank: of what is judged.
    mutating func verdict(_ blank: Verdict, at end: UInt64) -> Verdict {
        var verdict = blank
        verdict.differsBefore = first < from ? Timestamp(nanoseconds: first) : nil
        let inputs = firstInput
        verdict.evidence = commands.filter { $0.since.nanoseconds < inputs }
        if let machine { verdict.evidence.append(machine) } else if let slightest { verdict.within.append(slightest) }
        for index in tags.indices {
            let tag = tags[index]
            var claimWire = tag.claimWire
            if !subjects.tags[index].hasAccuracy {
                if let found = claimWire, found.by <= tag.worst { claimWire = nil }
                claimWire?.accuracy = tag.worst
            }
            verdict.evidence += [claimWire, tag.claimClaim, tag.grows && !tag.falls ? tag.backwards : nil]
                .compactMap { $0 }
            if claimWire == nil, let within = tag.within { verdict.within.append(within) }
        }
        if let found = repeats.full.found, repeats.without.found == nil {
            verdict.evidence.append(
                Evidence(
                    relation: .claimAgainstClaim, since: Timestamp(nanoseconds: found.since),
                    subject: "\(RepeatWatch.length) reports", against: "those of before", by: Double(found.age) / 1e9,
                    unit: "s", accuracy: 0))
        }
        if let silence = silence(until: end) { verdict.evidence.append(silence) }
        verdict.evidence = verdict.evidence.enumerated()
            .sorted { ($0.element.since, $0.offset) < ($1.element.since, $1.offset) }.map(\.element)
        return verdict
    }

    /// The tags that are silent for more than twice as long as they ever are in the other run.
    private mutating func silence(until end: UInt64) -> Evidence? {
        var longest: Evidence?
        var count = 0
        for index in tags.indices where tags[index].pauses.without.last > 0 {
            tags[index].pauses.full.end(at: end, from: from)
            tags[index].pauses.without.end(at: end)
            let (full, without) = (tags[index].pauses.full, tags[index].pauses.without)
            guard full.longest > 2 * without.longest else { continue }
            count += 1
            let seconds = Double(full.longest) / 1e9
            guard longest.map({ $0.by < seconds }) ?? true else { continue }
            longest = Evidence(
                relation: .silence, since: Timestamp(nanoseconds: full.begin + without.longest),
                subject: subjects.tags[index].name, against: "the longest pause otherwise",
                by: seconds, unit: "s", accuracy: Double(without.longest) / 1e9)
        }
        if count > 1 { longest?.subject = "\(count) tags" }
        return longest
    }
}
