import TapCore

/// Answers what is recorded of a line, tag or device between two times, from the entries of the log; reads chunks only where
/// the entries leave it open. Constant memory.
///
/// The log is verified as a whole. Of the segments, what is read is compared with its digest; the rest is not looked at.
struct StoreQuestion {
    private let disk: any Disk
    private let key: VerifierKey
    private let seen: [Checkpoint]
    private let subject: AskedSubject
    private let from: AskedTime
    private let to: AskedTime

    init(
        _ disk: any Disk, key: VerifierKey, seen: [Checkpoint] = [], _ subject: AskedSubject, from: AskedTime,
        to: AskedTime
    ) {
        (self.disk, self.key, self.seen, self.subject) = (disk, key, seen, subject)
        (self.from, self.to) = (from, to)
    }

    func answer() throws(StoreProblem) -> Completeness {
        var (targets, verification) = try survey()
        guard let last = targets.last else {
            var problem = StoreProblem(
                "\(subject.word) '\(printable(subject.name))'", "is in no session of this store",
                "'tap record status --json' lists what is")
            problem.isNotFound = true
            throw problem
        }
        let checkpoint = verification.checkpoint
        func unknown(_ reasons: [String]) -> Completeness { .unknown(subject, checkpoint, reasons) }
        guard verification.findings.isEmpty else {
            return unknown(verification.findings.map { "\($0.place): \($0.what)" })
        }
        guard checkpoint != nil else { return unknown(["no checkpoint is signed by the key that was given"]) }
        if case .sinceStart = from { targets.removeAll { $0.session != last.session } }
        var asked: [(target: QuestionTarget, spans: [(from: UInt64, to: UInt64)])] = []
        for target in targets {
            let spans = target.spans(from, to)
            if spans.contains(where: target.overlaps) { asked.append((target, spans)) }
        }
        guard !asked.isEmpty else {
            let isUndated = targets.allSatisfy { $0.clocks?.hasFix == false }
            return unknown([
                isUndated
                    ? "no session that has it has a date: ask for times since the start, as 10s"
                    : "nothing of it was recorded in that span: off, or not configured"
            ])
        }
        var answer = Completeness(subject: subject, checkpoint: checkpoint)
        if Set(asked.map(\.target.session)).count > 1 {
            answer.parts.append(off(asked.map(\.target)))
            for index in asked.indices {
                asked[index].spans = asked[index].spans.compactMap(asked[index].target.clipped)
            }
        }
        for item in asked { answer.parts.append(try judge(item.target, item.spans, verification)) }
        return answer
    }

    /// Between two sessions.
    private func off(_ targets: [QuestionTarget]) -> Completeness.Part {
        var part = Completeness.Part()
        let numbers = targets.map(\.session)
        part.reasons.append(
            "the span lies in sessions \(numbers.min() ?? 0) to \(numbers.max() ?? 0): between two of them nothing was recorded"
        )
        let configurations = Set(
            targets.map { [$0.subject.chip, "\($0.subject.offset)", Hex.encode($0.subject.configuration)] })
        if configurations.count > 1 { part.reasons.append("its configuration is another in some of them") }
        return part
    }

    /// First look: sessions that have what is asked about, their clock fixes, and what is signed. The log is verified.
    private func survey() throws(StoreProblem) -> (targets: [QuestionTarget], Verification) {
        var verifier = StoreVerifier(disk, key: key, seen: seen)
        var targets: [QuestionTarget] = []
        var begun: (entry: StartEntry, isHeaderRead: Bool)?
        var index: UInt64 = 0
        var pauses: [UInt64: [PausedSpan]] = [:]
        let verification = try verifier.runOnLog { entry in
            defer { index += 1 }
            switch entry {
            case .start(let start):
                begun = (start, false)
                targets += self.targets(in: start, at: index)
            case .segment(let segment):
                guard let start = begun?.entry, begun?.isHeaderRead == false,
                    targets.contains(where: { $0.session == start.session }),
                    let header = StoreSurvey.session(of: segment, start, disk)?.header
                else { return }
                begun?.isHeaderRead = true
                for place in targets.indices where targets[place].session == start.session {
                    targets[place].take(header, subject)
                }
            case .chunk(let chunk):
                for place in targets.indices.reversed() {
                    guard targets[place].session == chunk.session else { break }
                    targets[place].take(chunk, at: index)
                }
            case .pause(let pause): if let start = begun?.entry { pauses[start.session, default: []].take(pause) }
            default: break
            }
        }
        for place in targets.indices { targets[place].pauses = pauses[targets[place].session] ?? [] }
        return (targets, verification)
    }

    private func targets(in start: StartEntry, at index: UInt64) -> [QuestionTarget] {
        start.sources.enumerated().flatMap { number, table in
            subject.subjects(in: table).map { found in
                var target = QuestionTarget(
                    session: start.session, source: UInt32(number), subject: found, table: table, startIndex: index)
                if case (.utc(let from), .utc(let to)) = (from, to) { target.clocks = ClockMap(from: from, to: to) }
                return target
            }
        }
    }

    /// Second look, from the session's start to the last chunk of the source.
    private func judge(
        _ target: QuestionTarget, _ spans: [(from: UInt64, to: UInt64)], _ verification: Verification
    ) throws(StoreProblem) -> Completeness.Part {
        var evidence = spans.map { Evidence(target.asked(of: subject), from: $0.from, to: $0.to, on: disk) }
        var reader = try StoreProblem.log { () throws(LogProblem) in try LogReader(on: disk) }
        reader.seek(to: target.startIndex)
        while reader.index <= target.lastIndex,
            let next = try StoreProblem.log({ () throws(LogProblem) in try reader.next() })
        {
            guard case .chunk(let chunk)? = try? LogEntry(decoding: next.entry), chunk.session == target.session,
                chunk.source == target.source
            else { continue }
            for index in evidence.indices { evidence[index].take(chunk, at: next.index) }
        }
        for index in evidence.indices { evidence[index].finish() }
        return part(target, spans, evidence, verification)
    }

    private func part(
        _ target: QuestionTarget, _ spans: [(from: UInt64, to: UInt64)], _ evidence: [Evidence],
        _ verification: Verification
    ) -> Completeness.Part {
        var part = Completeness.Part()
        part.session = target.session
        part.source = printable(target.table.name)
        part.provenance = printable(target.table.provenance)
        part.configuration = target.subject.configuration
        part.shortestPulse = target.shortestPulse
        part.spans = spans.map { (Timestamp(nanoseconds: $0.from), Timestamp(nanoseconds: $0.to)) }
        let index = evidence.map(\.index).max() ?? 0
        for (evidence, span) in zip(evidence, spans) {
            if evidence.state.hasNotRecorded { part.reasons += target.pauses(in: span) }
            part.reasons += evidence.reasons(target.table)
        }
        if index >= verification.checkpoint?.size ?? 0 {
            part.reasons.append("an unsealed tail: no checkpoint covers what was recorded last")
        }
        part.grade =
            index < verification.witnessed
            ? .witnessed : verification.witnessed > 0 && index < verification.sealed ? .sealed : .consistent
        let count = evidence.reduce(0) { $0 + $1.count }
        part.readings = evidence.map(\.readings).min() ?? 0
        part.longestDistance = Nanoseconds(Int64(clamping: evidence.map(\.longestDistance).max() ?? 0))
        if count == 0, case .line = subject, !target.capturesBothEdges, part.reasons.isEmpty {
            part.reasons.append("edges of one direction only are captured, so that the other is not known")
        }
        guard part.reasons.isEmpty, let first = evidence.first else { return part }
        guard count == 0 else {
            part.answer = .found(
                count, first: Timestamp(nanoseconds: evidence.map(\.first).min() ?? 0),
                last: Timestamp(nanoseconds: evidence.map(\.last).max() ?? 0))
            return part
        }
        part.answer = .silent
        part.isHigh = first.isHigh
        return part
    }
}

extension QuestionTarget {
    fileprivate mutating func take(_ header: SessionHeader, _ kind: AskedSubject) {
        shortestPulse = header.shortestPulse
        guard case .line = kind, let line = header.lines.first(where: { UInt32($0.id.index) == subject.number }) else {
            return
        }
        capturesBothEdges = line.options.edges == .both
    }

    mutating func take(_ chunk: ChunkEntry, at index: UInt64) {
        for fix in chunk.clockFixes { clocks?.add(fix) }
        guard source == chunk.source else { return }
        if begin == nil { begin = chunk.from.nanoseconds }
        end = chunk.to.nanoseconds
        lastIndex = index
    }

    fileprivate func clipped(_ span: (from: UInt64, to: UInt64)) -> (from: UInt64, to: UInt64)? {
        guard overlaps(span) else { return nil }
        return (max(span.from, begin ?? 0), min(span.to, end))
    }
}
