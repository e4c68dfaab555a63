import TapCore

/// When entries were made by the clocks of witnesses, or of authorities that stamp times, and whether the gateway's own clock agrees:
/// entry by entry.
///
/// Entries before a cosigned checkpoint's size existed when it was cosigned. The log has the cosignature as an entry, and what
/// follows that is no older. What a quorum of the policy's witnesses says counts, as one of them may say anything; of authorities that
/// were given each counts.
struct OutsideClock {
    typealias Problem = (kind: Verification.Finding.Kind, index: UInt64, what: String)

    private enum Voices {
        /// nil: only whether cosignatures are what they say.
        case witnesses(WitnessPolicy?)
        case authorities(StampAuthorities?)
    }

    private let voices: Voices
    private(set) var stamps: (entered: UInt64, holding: UInt64, authorities: [String]) = (0, 0, [])
    /// Only a part of the log is given, and sessions in it begin with their first chunk.
    private let isPart: Bool
    private var origin = ""
    /// The newest that was entered of each, in seconds since 1970: of a witness by its name in the policy, of an authority by its
    /// subject.
    private var entered: [String: UInt64] = [:]
    private var noOlder_s: UInt64?
    /// The largest checkpoint that each cosigned, and when.
    private var vouched: [String: (size: UInt64, time_s: UInt64)] = [:]
    private var settled: UInt64 = 0
    private var marks: [Mark] = []
    /// Sessions that a clock was wrong in, so that it is said once.
    private var wrong: Set<UInt64> = []
    private var sources: [SourceTable] = []
    private(set) var sessions: [Verification.Outside] = []
    /// Sessions before are covered to their end.
    private var firstOpen = 0

    /// What the gateway's clock said of an entry that nothing covers yet.
    private struct Mark {
        var index: UInt64
        var own_s: UInt64
        var session: UInt64
    }

    private static let mostMarks = 1 << 16

    /// - Parameter policy: nil: only whether cosignatures are what they say.
    init(_ policy: WitnessPolicy?, isPart: Bool) {
        voices = .witnesses(policy?.asksForWitnesses == true ? policy : nil)
        self.isPart = isPart
    }

    /// - Parameter authorities: nil: only whether time stamps are of this log.
    init(stampedBy authorities: StampAuthorities?, isPart: Bool) {
        voices = .authorities(authorities)
        self.isPart = isPart
    }

    /// Whether anybody is believed.
    private var isAsked: Bool {
        switch voices {
        case .witnesses(let policy): policy != nil
        case .authorities(let authorities): authorities != nil
        }
    }

    private func isMet(by those: [Cosigner]) -> Bool {
        switch voices {
        case .witnesses(let policy): policy?.isMet(by: those) ?? false
        case .authorities: !those.isEmpty
        }
    }

    /// - Parameter root: of the log at a smaller size; nil: not known.
    mutating func take(_ entry: LogEntry, at index: UInt64, root: (UInt64) -> Digest?) -> [Problem] {
        switch entry {
        case .initial(let entry): origin = entry.origin
        case .handOver(let entry): return mark(entry.utc_ns, index)
        case .start(let entry):
            sources = entry.sources
            sessions.append(Verification.Outside(session: entry.session, first: index))
            if !isPart { sessions[sessions.count - 1].noOlder_s = noOlder_s }
            return mark(entry.utc_ns, index)
        case .chunk(let entry):
            guard let last = sessions.indices.last else { return [] }
            if isPart, sessions[last].chunks == 0 { sessions[last].noOlder_s = noOlder_s }
            sessions[last].chunks += 1
            sessions[last].last = index
            // What was recorded by other clocks, or made up, is of another time.
            guard Int(entry.source) < sources.count,
                sources[Int(entry.source)].provenance == Provenance.hardware.rawValue
            else { return [] }
            return entry.clockFixes.flatMap { mark($0.utcNanoseconds, index) }
        case .stop(let entry):
            if let last = sessions.indices.last { sessions[last].last = index }
            return mark(entry.utc_ns, index)
        case .remark(let entry):
            guard entry.isArrival else { return [] }
            return arrivals(entry, at: index, root) + mark(entry.utc_ns, index)
        default: break
        }
        return []
    }

    private mutating func arrivals(
        _ entry: RemarkEntry, at index: UInt64, _ root: (UInt64) -> Digest?
    ) -> [Problem] {
        switch voices {
        case .witnesses(let policy): entry.cosignature.map { take($0, policy, at: index, root) } ?? []
        case .authorities(let authorities): entry.timeStamp.map { take($0, authorities, at: index, root) } ?? []
        }
    }

    private mutating func take(
        _ stamp: EnteredTimeStamp, _ authorities: StampAuthorities?, at index: UInt64, _ root: (UInt64) -> Digest?
    ) -> [Problem] {
        stamps.entered += 1
        guard let read = stamp.read(origin: origin), stamp.size <= index else {
            return [(.contradiction, index, "is a time stamp of something else")]
        }
        let right = root(stamp.size)
        if let right, right.bytes != stamp.root {
            let what = "is a time stamp of another log of \(stamp.size) entries: this one was rewritten or forked"
            return [(.forked, index, what)]
        }
        guard let authorities else { return [] }
        let signer: String
        do throws(TimeStamp.Problem) { signer = printable(try authorities.signer(stamp.token, read)) } catch {
            let what = "its time stamp is not signed by an authority that was given: \(printable(error.what))"
            return [(.unproven, index, what)]
        }
        stamps.holding += 1
        if !stamps.authorities.contains(signer) { stamps.authorities.append(signer) }
        enter(signer, read.earliest_s)
        return right == nil ? [] : cover([Cosigner(name: signer, time_s: read.latest_s)], size: stamp.size)
    }

    private mutating func take(
        _ cosignature: EnteredCosignature, _ policy: WitnessPolicy?, at index: UInt64, _ root: (UInt64) -> Digest?
    ) -> [Problem] {
        guard let (key, time_s) = cosignature.verified(origin: origin), cosignature.size <= index else {
            return [(.contradiction, index, "is a cosignature that does not hold")]
        }
        let right = root(cosignature.size)
        if let right, right.bytes != cosignature.root {
            return [
                (
                    .forked, index,
                    "\(printable(key.name)) cosigned another log of \(cosignature.size) entries: this one was rewritten or forked"
                )
            ]
        }
        guard let policy, let witness = policy.witnesses.first(where: { $0.key == key }) else { return [] }
        enter(witness.name, time_s)
        return right == nil
            ? [] : cover([Cosigner(name: witness.name, time_s: time_s)], size: cosignature.size)
    }

    /// Somebody said a time, and that was entered.
    private mutating func enter(_ name: String, _ time_s: UInt64) {
        entered[name] = max(entered[name] ?? 0, time_s)
        var newest: [Cosigner] = []
        for (name, time_s) in entered.sorted(by: { ($0.value, $0.key) > ($1.value, $1.key) }) {
            newest.append(Cosigner(name: name, time_s: time_s))
            guard isMet(by: newest) else { continue }
            noOlder_s = max(noOlder_s ?? 0, time_s)
            break
        }
    }

    /// A checkpoint of this log was cosigned or stamped.
    ///
    /// - Parameter cosigners: of the policy.
    mutating func cover(_ cosigners: [Cosigner], size: UInt64) -> [Problem] {
        guard isAsked else { return [] }
        for cosigner in cosigners {
            let last = vouched[cosigner.name]
            if let last, last.size > size || last.size == size && last.time_s <= cosigner.time_s { continue }
            vouched[cosigner.name] = (size, cosigner.time_s)
        }
        for size in Set(vouched.values.map(\.size)).sorted(by: >) where size > settled {
            var those: [Cosigner] = []
            for (name, vouch) in vouched.sorted(by: { ($0.value.time_s, $0.key) < ($1.value.time_s, $1.key) })
            where vouch.size >= size {
                those.append(Cosigner(name: name, time_s: vouch.time_s))
                if isMet(by: those) { return settle(size, by: vouch.time_s) }
            }
        }
        return []
    }

    /// Entries before `size` existed at a time.
    private mutating func settle(_ size: UInt64, by time_s: UInt64) -> [Problem] {
        settled = size
        for place in firstOpen..<sessions.count
        where size > sessions[place].first && sessions[place].size <= sessions[place].last {
            (sessions[place].size, sessions[place].by_s) = (size, time_s)
        }
        while firstOpen < sessions.count - 1, sessions[firstOpen].size > sessions[firstOpen].last { firstOpen += 1 }
        let covered = marks.prefix { $0.index < size }
        marks.removeFirst(covered.count)
        return covered.compactMap { mark in
            guard mark.own_s > time_s &+ CosigningRound.farApart_s, wrong.insert(mark.session).inserted else {
                return nil
            }
            return problem(mark, "that it existed by", time_s)
        }
    }

    /// - Parameter utc_ns: by the gateway's clock; 0: it had no date.
    private mutating func mark(_ utc_ns: UInt64, _ index: UInt64) -> [Problem] {
        guard isAsked, utc_ns != 0 else { return [] }
        let mark = Mark(index: index, own_s: utc_ns / 1_000_000_000, session: sessions.last?.session ?? 0)
        if marks.count == OutsideClock.mostMarks { thin() }
        marks.append(mark)
        guard let noOlder_s, mark.own_s + CosigningRound.farApart_s < noOlder_s, wrong.insert(mark.session).inserted
        else { return [] }
        return [problem(mark, "that it is no older than", noOlder_s)]
    }

    /// Of each two only the later time stays: with the later entry, so that no more is asked for than before.
    private mutating func thin() {
        marks = stride(from: 0, to: marks.count - 1, by: 2).map { place in
            var mark = marks[place + 1]
            mark.own_s = max(mark.own_s, marks[place].own_s)
            return mark
        }
    }

    private func problem(_ mark: Mark, _ what: String, _ time_s: UInt64) -> Problem {
        (
            .contradiction, mark.index,
            "the gateway's clock said \(OutsideClock.date(mark.own_s)), and \(voicesName) \(what) \(OutsideClock.date(time_s)): the clock was wrong"
        )
    }

    private var voicesName: String {
        switch voices {
        case .witnesses: "witnesses"
        case .authorities: "time stamps"
        }
    }

    /// UTC. Whatever a witness's clock says, also after the year 9999.
    static func date(_ seconds: UInt64) -> String {
        // Days are counted from March 1 of year 0: leap days end a year.
        let days = seconds / 86_400 + 719_468
        let (era, day) = (days / 146_097, days % 146_097)
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365
        let ofYear = day - (365 * year + year / 4 - year / 100)
        let month = (5 * ofYear + 2) / 153
        func padded(_ value: UInt64, _ width: Int = 2) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return padded(year + era * 400 + (month < 10 ? 0 : 1), 4) + "-" + padded(month < 10 ? month + 3 : month - 9)
            + "-" + padded(ofYear - (153 * month + 2) / 5 + 1) + "T" + padded(seconds / 3_600 % 24) + ":"
            + padded(seconds / 60 % 60) + ":" + padded(seconds % 60) + "Z"
    }
}
