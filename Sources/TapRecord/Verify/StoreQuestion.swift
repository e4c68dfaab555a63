import TapCore

/// Answers whether a line was silent between two times, from the entries of the log; reads chunks only where the entries
/// leave it open. Constant memory.
struct StoreQuestion {
    private let disk: any Disk
    private let key: VerifierKey
    private let line: String
    private let from: AskedTime
    private let to: AskedTime
    private var result: Completeness

    init(_ disk: any Disk, key: VerifierKey, line: String, from: AskedTime, to: AskedTime) {
        self.disk = disk
        self.key = key
        self.line = line
        (self.from, self.to) = (from, to)
        result = Completeness(line: line)
    }

    /// Where the line is in a session, and what of the session's time is asked for.
    private struct Target {
        var session: UInt64
        var source: UInt32
        var number: UInt32
        var configuration: [UInt8]
        var table: SourceTable
        var start: StartEntry
        var clocks = ClockMap()
        /// The first span of the source began here.
        var begin: UInt64?
        var end: UInt64 = 0
    }

    mutating func answer() throws(StoreProblem) -> Completeness {
        let (targets, signed) = try survey()
        guard !targets.isEmpty else {
            var problem = StoreProblem(
                "line '\(printable(line))'", "is in no session of this store",
                "'tap record status --json' lists its lines")
            problem.isNotFound = true
            throw problem
        }
        guard let signed else { return result }
        var found: (target: Target, spans: [(from: UInt64, to: UInt64)])?
        for target in targets {
            let spans = self.spans(of: target)
            guard spans.contains(where: { $0.from < target.end && $0.to >= target.begin ?? .max }) else { continue }
            guard found == nil else {
                result.reasons.append(
                    "the span lies in more than one session: between two of them nothing was recorded")
                return result
            }
            found = (target, spans)
        }
        guard let found else {
            result.reasons.append("nothing of the line was recorded in that span: off, or not configured")
            return result
        }
        result.spans = found.spans.map { (Timestamp(nanoseconds: $0.from), Timestamp(nanoseconds: $0.to)) }
        try judge(found.target, found.spans, signed: signed)
        return result
    }

    /// First look: sessions that have the line, clock fixes, and what is signed. The log itself is verified on the way.
    private mutating func survey() throws(StoreProblem) -> (targets: [Target], signed: UInt64?) {
        var verifier = StoreVerifier(disk, key: key, seen: [])
        var targets: [Target] = []
        var start = StartEntry()
        let verification = try verifier.runOnLog { entry in
            switch entry {
            case .start(let entry):
                start = entry
                for (index, table) in entry.sources.enumerated() {
                    for subject in table.lines where subject.name == line {
                        targets.append(
                            Target(
                                session: entry.session, source: UInt32(index), number: subject.number,
                                configuration: subject.configuration, table: table, start: start))
                    }
                }
            case .chunk(let entry):
                for index in targets.indices where targets[index].session == entry.session {
                    for fix in entry.clockFixes { targets[index].clocks.add(fix) }
                    guard targets[index].source == entry.source else { continue }
                    if targets[index].begin == nil { targets[index].begin = entry.from.nanoseconds }
                    targets[index].end = entry.to.nanoseconds
                }
            default: break
            }
        }
        for finding in verification.findings { result.reasons.append("\(finding.place): \(finding.what)") }
        result.checkpoint = verification.checkpoint
        guard let checkpoint = verification.checkpoint, verification.findings.isEmpty else {
            if verification.checkpoint == nil, verification.findings.isEmpty {
                result.reasons.append("no checkpoint is signed by the key that was given")
            }
            return (targets, nil)
        }
        return (targets, checkpoint.size)
    }

    /// What is asked for in the clock of the source.
    private func spans(of target: Target) -> [(from: UInt64, to: UInt64)] {
        let uncertainty = target.table.clockUncertainty?.count ?? 0
        let offset = target.table.offsetToMonotonic.count
        func local(_ from: Int64, _ to: Int64) -> (from: UInt64, to: UInt64) {
            (UInt64(max(0, from &- offset &- uncertainty)), UInt64(max(0, to &- offset &+ uncertainty)))
        }
        switch (from, to) {
        case (.utc(let from), .utc(let to)): return target.clocks.candidates(from, to).map { local($0.from, $0.to) }
        case (.sinceStart(let from), .sinceStart(let to)):
            let origin = Int64(clamping: target.begin ?? 0)
            return [(UInt64(max(0, origin &+ from.count)), UInt64(max(0, origin &+ to.count)))]
        default: return []
        }
    }

    // Second look

    private mutating func judge(
        _ target: Target, _ spans: [(from: UInt64, to: UInt64)], signed: UInt64
    ) throws(StoreProblem) {
        result.session = target.session
        result.source = printable(target.table.name)
        result.provenance = printable(target.table.provenance)
        var evidence = spans.map { LineEvidence(from: $0.from, to: $0.to, line: target.number) }
        var reader = try StoreProblem.log { () throws(LogProblem) in try LogReader(on: disk) }
        while let next = try StoreProblem.log({ () throws(LogProblem) in try reader.next() }) {
            let entry: LogEntry
            do throws(ProtoProblem) { entry = try LogEntry(decoding: next.entry) } catch { break }
            guard case .chunk(let chunk) = entry, chunk.session == target.session, chunk.source == target.source else {
                continue
            }
            for index in evidence.indices where evidence[index].take(chunk, isSigned: next.index < signed) {
                try evidence[index].read(chunk, on: disk)
            }
        }
        for one in evidence { result.reasons += one.reasons(target.table) }
        guard result.reasons.isEmpty, let first = evidence.first else { return }
        let edges = evidence.reduce(0) { $0 + $1.edges }
        result.readings = evidence.map(\.readings).min() ?? 0
        result.longestDistance = Nanoseconds(Int64(clamping: evidence.map(\.longestDistance).max() ?? 0))
        guard edges == 0 else {
            result.answer = .edges(
                edges, first: Timestamp(nanoseconds: evidence.map(\.firstEdge).min() ?? 0),
                last: Timestamp(nanoseconds: evidence.map(\.lastEdge).max() ?? 0))
            return
        }
        result.answer = .silent
        result.isHigh = first.isHigh
    }
}
