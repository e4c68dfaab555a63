import TapCore

/// Which entries of a store a proof of a span needs.
struct ProofPlan {
    /// One after the other in the log: from the first chunk of the span to the last, of all sources.
    let range: Range<UInt64>
    let checkpoint: Checkpoint
    let note: SignedNote
    /// Sizes of the log that were noted elsewhere, of which the root is to follow.
    let cuts: Set<UInt64>
    private let survey: Survey
    /// Indexes of cosignatures and time stamps before and behind the range: what the range is no older than, and by when it existed.
    private let around: [UInt64]

    /// Of one source in one session.
    struct Asked {
        var target: QuestionTarget
        var spans: [(from: UInt64, to: UInt64)] = []
        var first: UInt64?
        var last: UInt64?
        /// The chunk before the first.
        var before: UInt64?
        var hasEnded = false
        /// Chunks behind the span, and lines whose level was not read again there.
        private var behind = 0
        private var unread: Set<UInt32> = []

        /// More are not waited for.
        private static let mostBehind = 16

        init(target: QuestionTarget, spans: [(from: UInt64, to: UInt64)]) {
            (self.target, self.spans) = (target, spans)
        }

        /// A chunk behind the span: that ends it in which the last line was read again, where its source reads levels.
        fileprivate mutating func takeBehind(_ chunk: ChunkEntry) {
            if behind == 0, SourceInfo.Capabilities(rawValue: target.table.capabilities).contains(.readsLevels) {
                unread = Set(target.table.lines.map(\.number))
            }
            behind += 1
            let end = spans.map(\.to).max() ?? 0
            for line in chunk.lines where line.agreed > 0 && line.lastReading ?? 0 >= end {
                unread.remove(line.line)
            }
            hasEnded = unread.isEmpty || behind >= Asked.mostBehind
        }

        fileprivate mutating func goOn() { (behind, hasEnded) = (0, false) }
    }

    /// Reads the log twice: to verify it and find the sessions, and those sessions again for chunks of the span.
    init(
        _ disk: any Disk, key: VerifierKey, from: AskedTime, to: AskedTime, seen: [Checkpoint]
    ) throws(StoreProblem) {
        var survey = Survey()
        var verifier = StoreVerifier(disk, key: key, seen: [])
        let verification = try verifier.runOnLog { survey.take($0, from, to) }
        if let finding = verification.findings.first {
            throw StoreProblem(
                finding.place, finding.what, "'tap verify' shows what of the store holds")
        }
        guard let checkpoint = verification.checkpoint,
            let note = try StoreProblem.log({ () throws(LogProblem) in try CheckpointFile.read(on: disk) }),
            let stated = try? Checkpoint(parsing: note.text), stated.size >= checkpoint.size
        else {
            throw StoreProblem("checkpoint", "none is signed by the key that was given", "give the log's own key")
        }
        // A recorder may have signed another one meanwhile.
        guard stated == checkpoint else {
            throw StoreProblem("checkpoint", "was replaced while it was read", "try again")
        }
        range = try ProofPlan.range(disk, survey, from, to, size: checkpoint.size)
        self.survey = survey
        let noted = seen.filter { $0.origin == key.name && $0.size <= checkpoint.size }.map(\.size).max() ?? 0
        let cosigned = ProofPlan.cosigned(
            disk, key, survey, sizes: max(range.upperBound, noted)...max(checkpoint.size, range.upperBound, noted))
        (self.checkpoint, self.note) = cosigned ?? (checkpoint, note)
        let (around, sizes) = survey.cosignatures(around: range, size: self.checkpoint.size)
        self.around = around
        cuts = ProofPlan.cuts(disk, seen, key, behind: range.upperBound, size: self.checkpoint.size).union(sizes)
    }

    /// The newest checkpoint that witnesses have cosigned, of those that cover the range and what was noted elsewhere.
    private static func cosigned(
        _ disk: any Disk, _ key: VerifierKey, _ survey: Survey, sizes: ClosedRange<UInt64>
    ) -> (Checkpoint, SignedNote)? {
        for size in CosignedNotes.sizes(on: disk) where sizes.contains(size) {
            guard let note = CosignedNotes.note(size, on: disk), note.isSigned(by: key),
                let checkpoint = try? Checkpoint(parsing: note.text), checkpoint.origin == key.name,
                checkpoint.size == size, (try? ConsistencyProof.root(of: size, on: disk)) == checkpoint.root,
                let index = survey.handOvers.last(where: { $0 < size }),
                let bytes = try? LogReader(on: disk).entry(at: index),
                case .handOver(let entry)? = try? LogEntry(decoding: bytes), let epoch = VerifierKey(entry.key),
                note.isSigned(by: epoch)
            else { continue }
            return (checkpoint, note)
        }
        return nil
    }

    /// What the first look finds.
    struct Survey {
        var targets: [QuestionTarget] = []
        var handOvers: [UInt64] = []
        /// Of segments, by number.
        var segments: [UInt64: UInt64] = [:]
        var starts: [UInt64] = []
        /// Index and size of each cosignature, by witness; of time stamps those of all authorities together.
        private var cosignatures: [String: [(index: UInt64, size: UInt64)]] = [:]
        /// Of the next entry.
        private var index: UInt64 = 0

        private static let mostWitnesses = 16
        /// No verifier key is this.
        private static let authorities = ""

        /// Of each witness, and of the authorities, the last before a range, and the first behind it that covers it.
        ///
        /// - Parameter size: of the log.
        /// - Returns: also of which sizes the roots are needed to check them and those in the range.
        func cosignatures(around range: Range<UInt64>, size: UInt64) -> (indexes: [UInt64], sizes: Set<UInt64>) {
            var found: [(index: UInt64, size: UInt64)] = []
            for (_, all) in cosignatures.sorted(by: { $0.key < $1.key }).prefix(Survey.mostWitnesses + 1) {
                if let last = all.last(where: { $0.index < range.lowerBound }) { found.append(last) }
                found += all.filter { range.contains($0.index) }
                let next = all.first { $0.index >= range.upperBound && $0.size >= range.upperBound }
                if let next, next.index < size { found.append(next) }
            }
            return (
                found.map(\.index).filter { !range.contains($0) },
                Set(found.map(\.size).filter { $0 > 2 && $0 < size })
            )
        }

        mutating func take(_ entry: LogEntry, _ from: AskedTime, _ to: AskedTime) {
            defer { index += 1 }
            switch entry {
            case .start(let start):
                starts.append(index)
                for (number, table) in start.sources.enumerated() {
                    var target = QuestionTarget(
                        session: start.session, source: UInt32(number), subject: Subject(), table: table,
                        startIndex: index)
                    if case (.utc(let from), .utc(let to)) = (from, to) { target.clocks = ClockMap(from: from, to: to) }
                    targets.append(target)
                }
            case .handOver: handOvers.append(index)
            case .segment(let segment): segments[segment.number] = index
            case .remark(let remark):
                if let cosignature = remark.cosignature {
                    cosignatures[cosignature.witness, default: []].append((index, cosignature.size))
                }
                if let stamp = remark.timeStamp {
                    cosignatures[Survey.authorities, default: []].append((index, stamp.size))
                }
            case .chunk(let chunk):
                for place in targets.indices.reversed() {
                    guard targets[place].session == chunk.session else { break }
                    targets[place].take(chunk, at: index)
                }
            default: break
            }
        }
    }

    private static func range(
        _ disk: any Disk, _ survey: Survey, _ from: AskedTime, _ to: AskedTime, size: UInt64
    ) throws(StoreProblem) -> Range<UInt64> {
        var targets = survey.targets
        if case .sinceStart = from, let last = targets.last(where: { $0.begin != nil }) {
            targets.removeAll { $0.session != last.session }
        }
        var asked: [Asked] = []
        for target in targets {
            let spans = target.spans(from, to).filter(target.overlaps)
            if !spans.isEmpty { asked.append(Asked(target: target, spans: spans)) }
        }
        guard let begin = asked.map(\.target.startIndex).min(), let end = asked.map(\.target.lastIndex).max() else {
            let isUndated = survey.targets.allSatisfy { $0.clocks?.hasFix == false }
            throw StoreProblem(
                "", "has nothing recorded in that span",
                isUndated && !survey.targets.isEmpty
                    ? "no session of it has a date: give times since the start, as 10s"
                    : "'tap record status' shows what it has")
        }
        var reader = try StoreProblem.log { () throws(LogProblem) in try LogReader(on: disk) }
        reader.seek(to: begin)
        while reader.index <= min(end, size - 1),
            let next = try StoreProblem.log({ () throws(LogProblem) in try reader.next() })
        {
            guard case .chunk(let chunk)? = try? LogEntry(decoding: next.entry),
                let place = asked.firstIndex(where: {
                    $0.target.session == chunk.session && $0.target.source == chunk.source
                })
            else { continue }
            asked[place].take(chunk, at: next.index)
        }
        guard let first = asked.compactMap({ $0.first }).min(), let last = asked.compactMap({ $0.last }).max() else {
            throw StoreProblem(
                "", "has nothing in that span that a checkpoint covers", "wait for the next one, some seconds")
        }
        return first..<last + 1
    }

    /// Ranges of entries from left to right: what says what the log is and who signed it, the session's start, the segments,
    /// and the span's.
    ///
    /// - Parameter segments: numbers of those that chunks of the range are in.
    func ranges(_ segments: Set<UInt64>) -> [Range<UInt64>] {
        var wanted: Set<UInt64> = [0, 1]
        if let start = survey.starts.last(where: { $0 <= range.lowerBound }) { wanted.insert(start) }
        if let last = survey.handOvers.last(where: { $0 < checkpoint.size }) { wanted.insert(last) }
        wanted.formUnion(segments.compactMap { survey.segments[$0] })
        wanted.formUnion(around)
        var ranges = wanted.filter { !range.contains($0) }.map { $0..<$0 + 1 } + [range]
        ranges.sort { $0.lowerBound < $1.lowerBound }
        return ranges.reduce(into: []) { joined, next in
            if let last = joined.last, last.upperBound == next.lowerBound {
                joined[joined.count - 1] = last.lowerBound..<next.upperBound
            } else {
                joined.append(next)
            }
        }
    }

    /// Those the store knows of and those that were given: the nearest to the range matter most.
    private static func cuts(
        _ disk: any Disk, _ seen: [Checkpoint], _ key: VerifierKey, behind end: UInt64, size: UInt64
    ) -> Set<UInt64> {
        let kept = KeptCheckpoints.names(on: disk).compactMap { name in
            name.hasPrefix("seen-") ? UInt64(name.dropFirst(5)) : nil
        }.filter { $0 > 2 && $0 < size }.sorted()
        let later = kept.filter { $0 >= end }
        var cuts = Set(later.prefix(mostKept) + later.suffix(mostKept))
        cuts.formUnion(kept.filter { $0 < end }.suffix(mostKept))
        cuts.formUnion(seen.filter { $0.origin == key.name && $0.size < size }.prefix(mostSeen).map(\.size))
        return cuts
    }

    private static let mostKept = 4
    private static let mostSeen = 64
}

extension ProofPlan.Asked {
    /// The chunks of the span, one before it and one after.
    fileprivate mutating func take(_ chunk: ChunkEntry, at index: UInt64) {
        let begin = min(chunk.from.nanoseconds, chunk.earliestRecord?.nanoseconds ?? .max)
        let end = max(chunk.to.nanoseconds, chunk.latestRecord?.nanoseconds ?? 0)
        if spans.contains(where: { begin <= $0.to && end >= $0.from }) {
            if first == nil { first = before ?? index }
            last = index
            goOn()
        } else if first == nil {
            before = index
        } else if !hasEnded {
            last = index
            takeBehind(chunk)
        }
    }
}
