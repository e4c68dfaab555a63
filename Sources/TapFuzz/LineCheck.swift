import TapConfig
import TapCore
import TapSim

/// One line: no edge invented, none lost unreported, counts that add up, order kept, all well again at the end.
struct LineCheck {
    private let truth: FuzzTruth
    private let line: FuzzScenario.Line
    private let changes: [UInt64]
    private var edges: [Edge] = []
    private var levels: [Level] = []
    private var gaps: [Gap] = []
    private var rereads: [Reread] = []
    /// Where changes come closer than the kernel can separate: directions and numbers are unreliable.
    private var rough = Spans()
    /// What gaps speak of.
    private var reported = Spans()
    /// From one request of the line to the next: when it was made, and between which times it ended.
    private var epochs: [Epoch] = []
    private let found = FuzzFindings()

    private struct Epoch {
        var start: UInt64
        var endsAfter: UInt64
        var endsBefore: UInt64
    }

    init(_ truth: FuzzTruth, _ index: Int, _ records: FuzzRecords) {
        self.truth = truth
        line = truth.line(index)
        changes = line.changes
        let id = LineID(UInt16(index))
        for item in records.items {
            switch item {
            case .edge(let edge) where edge.line == id: edges.append(edge)
            case .event(.level(let level)) where level.line == id: levels.append(level)
            case .event(.gap(let gap)) where gap.subject == .line(id): gaps.append(gap)
            case .event(.reread(let reread)) where reread.line == id: rereads.append(reread)
            default: break
            }
        }
        let places = truth.places(of: line)
        rough = truth.spans([.stormLine, .latencySpike], at: places, margin: .milliseconds(25))
    }

    private func require(_ isTrue: Bool, _ what: @autoclosure () -> String) { found.require(isTrue, what()) }

    mutating func violations() -> [String] {
        findEpochs()
        findTold()
        checkLevels()
        checkRereads()
        checkCauses()
        matchEdges()
        checkNumbers()
        checkCounts()
        checkDirections()
        checkRefused()
        checkRecovery()
        return found.all
    }

    private func level(at time: UInt64) -> Bool { line.startsHigh != (changes.count { $0 <= time } % 2 == 1) }

    private mutating func findEpochs() {
        require(levels.count { $0.reason == .first } == 1, "first levels: \(levels.count { $0.reason == .first })")
        guard let first = levels.first(where: { $0.reason == .first }) else { return }
        var start: UInt64? = first.notBefore.nanoseconds
        for gap in gaps where gap.kind == .sourceGone || gap.kind == .sourceBack {
            if gap.kind == .sourceGone {
                require(start != nil, "gone twice: \(gap)")
                guard let begin = start else { continue }
                epochs.append(
                    Epoch(
                        start: begin, endsAfter: gap.from.nanoseconds, endsBefore: gap.discovered.nanoseconds))
                start = nil
            } else {
                require(start == nil, "back without having gone: \(gap)")
                start = gap.to.nanoseconds
            }
        }
        if let start {
            epochs.append(Epoch(start: start, endsAfter: truth.end, endsBefore: UInt64(truth.boot.length.count)))
        }
    }

    /// A gap that is open until it is closed speaks of the span of the one that closes it.
    private mutating func findTold() {
        for (index, gap) in gaps.enumerated() {
            var to = gap.to
            if to == .distantFuture {
                let closer: Gap.Kind = gap.kind == .muted ? .muted : .sourceBack
                let later = gaps[(index + 1)...]
                let closing = later.first { $0.kind == closer }
                // A ring that had no room for it reports a loss from then on.
                let isRefused = later.contains { $0.kind == .ringFull && $0.from <= gap.from && gap.from <= $0.to }
                require(
                    closing.map { $0.from == gap.from && $0.to != .distantFuture } ?? true || isRefused,
                    "\(gap) is not closed by \(String(describing: closing))")
                to = closing?.to ?? .distantFuture
                require(closing != nil || gap.kind == .sourceGone || truth.boot.isCut, "never closed: \(gap)")
            }
            reported.add(gap.from, to, margin: truth.latency + .milliseconds(1))
        }
    }

    private func checkLevels() {
        for level in levels {
            require(
                level.isHigh == self.level(at: level.notAfter.nanoseconds)
                    || level.isHigh == self.level(at: level.notBefore.nanoseconds),
                "\(level) is not the signal's")
        }
    }

    /// What was read again and agreed is what the wire had; a reading fails only where something makes it, and a reader
    /// that is dead for long is not taken for a quiet line.
    private func checkRereads() {
        let places = truth.placesOfChip(line.chip)
        let failing = truth.spans([.readError, .chipUnplug], at: places)
        for reread in rereads {
            require(reread.agreed > 0 || reread.failed > 0, "\(reread) stands for nothing")
            require(reread.from <= reread.to && reread.to <= reread.time, "\(reread) is not in order")
            if let isHigh = reread.isHigh {
                require(isHigh == level(at: reread.to.nanoseconds), "\(reread) agrees, and is not the signal's")
            }
            require(
                reread.failed == 0 || failing.overlaps(reread.from.nanoseconds, reread.to.nanoseconds),
                "failed without a cause: \(reread)")
        }
        let stalls = truth.spans([.queueOverflow, .slowConsumer], at: places, margin: .seconds(1))
        for fault in truth.boot.faults where fault.name == .readError && places.contains(fault.place) {
            let (from, to) = (fault.span.from.nanoseconds, fault.span.to.nanoseconds)
            guard to - from > 1_200_000_000, to < truth.end, !stalls.overlaps(from, to) else { continue }
            let isReported =
                reported.overlaps(from, to)
                || rereads.contains { $0.failed > 0 && $0.from.nanoseconds <= to && $0.to.nanoseconds >= from }
            require(isReported, "dead for \(to - from) ns from \(from) on, and it looks like a quiet line")
        }
    }

    /// Every gap contains a real loss: something that goes wrong is there to have caused it.
    private func checkCauses() {
        let places = truth.placesOfChip(line.chip)
        for gap in gaps {
            let names: Set<Fault.Name> =
                switch gap.kind {
                case .kernelQueueOverflow: [.queueOverflow]
                case .repeatedPolarity, .levelDisagreement: [.stormLine, .latencySpike]
                // A small ring is full in a moment of a storm, or of what waited for a capture that was not stepped.
                case .ringFull: [.slowConsumer, .queueOverflow, .stormLine]
                case .muted: [.stormLine]
                case .sourceGone, .sourceBack: [.chipUnplug, .lineBusy, .readError]
                case .scansMissing, .notRecorded: []
                }
            let causes = truth.spans(names, at: places, margin: .milliseconds(2_100))
            let to = min(gap.to, .zero + truth.boot.length)
            require(causes.overlaps(gap.from.nanoseconds, to.nanoseconds), "without a cause: \(gap)")
        }
    }

    /// Each edge is one change, later by no more than the kernel takes, and every change that has none is reported.
    private func matchEdges() {
        var next = 0
        var missed: [UInt64] = []
        for edge in edges {
            let time = edge.time.nanoseconds
            while next < changes.count {
                let window = truth.latency + truth.spike(of: line, at: changes[next])
                guard changes[next] + UInt64(window.count) < time else { break }
                missed.append(changes[next])
                next += 1
            }
            guard next < changes.count, changes[next] <= time else {
                require(false, "an edge without a change: \(describe(edge))")
                continue
            }
            let isHigh = line.startsHigh != ((next + 1) % 2 == 1)
            require(
                edge.isRising == isHigh || rough.contains(changes[next]),
                "the wrong direction: \(describe(edge)), changed at \(changes[next])")
            require(
                epochs.contains { $0.start <= time && time <= $0.endsBefore },
                "an edge while the chip was gone: \(describe(edge))")
            next += 1
        }
        missed += changes[min(next, changes.count)...]
        for change in missed where change < truth.end {
            require(reported.contains(change) || rough.contains(change), "lost without a gap: the change at \(change)")
        }
    }

    private func edges(of epoch: Epoch) -> [Edge] {
        edges.filter { epoch.start <= $0.time.nanoseconds && $0.time.nanoseconds <= epoch.endsBefore }
    }

    /// Numbers grow from 1 with each request; those that are missing are counted by gaps.
    private func checkNumbers() {
        var numbered: UInt64 = 0
        for epoch in epochs {
            var last: UInt32 = 0
            for edge in edges(of: epoch) {
                require(edge.sequence > last, "#\(edge.sequence) after #\(last)")
                last = edge.sequence
            }
            numbered += UInt64(last)
        }
        let received = UInt64(edges.count)
        require(received + counted >= numbered, "\(received) received and \(counted) reported of \(numbered) numbered")
    }

    private var counted: UInt64 {
        gaps.filter { $0.kind == .kernelQueueOverflow || $0.kind == .ringFull }.reduce(0) { $0 + $1.count.known }
    }

    /// Received and reported together are what there was, no more.
    private func checkCounts() {
        let isExact = gaps.allSatisfy { gap in
            guard gap.kind == .kernelQueueOverflow || gap.kind == .ringFull else { return true }
            return gap.count == .exactly(gap.count.known)
        }
        let received = UInt64(edges.count)
        var (least, most) = (0, 0)
        let latency = UInt64(truth.latency.count) + 1_000_000
        for epoch in epochs {
            least += changes.count { $0 > epoch.start && $0 + latency < epoch.endsAfter }
            most += changes.count { $0 > epoch.start && $0 <= epoch.endsBefore }
        }
        let sum = "\(received) received and \(counted) reported of \(least) to \(most)"
        if isExact { require(received + counted <= most, "more than there were: \(sum)") }
        let isClean = rough.all.isEmpty && !gaps.contains { $0.kind == .muted || $0.kind == .repeatedPolarity }
        if isClean { require(received + counted >= least, "fewer than there were: \(sum)") }
    }

    /// Directions alternate, or the edge says that something is missing before it.
    private func checkDirections() {
        let refused = gaps.filter { $0.kind == .ringFull }
        for epoch in epochs {
            let edges = edges(of: epoch)
            for (before, edge) in zip(edges, edges.dropFirst()) where before.isRising == edge.isRising {
                let isRefused = refused.contains { $0.from <= edge.time && $0.to >= before.time }
                let isRead = levels.contains { $0.notAfter >= before.time && $0.notBefore <= edge.time }
                require(
                    edge.flags.contains(.missedBefore) || isRefused || isRead,
                    "two edges with the same direction and no gap: \(describe(before)), \(describe(edge))")
            }
        }
    }

    /// What was refused may have been the last change: soon after it is reported, the level is known again.
    private func checkRefused() {
        let stalls = truth.spans([.queueOverflow], at: truth.placesOfChip(line.chip))
        for gap in gaps where gap.kind == .ringFull {
            let soon = gap.discovered + .milliseconds(1_100)
            guard soon.nanoseconds < truth.end, !stalls.overlaps(gap.discovered.nanoseconds, soon.nanoseconds)
            else { continue }
            let isKnown =
                levels.contains { $0.notBefore >= gap.to && $0.notAfter <= soon }
                || edges.contains { $0.time > gap.to && $0.time <= soon }
                || gaps.contains { $0.kind == .sourceGone && $0.discovered >= gap.from && $0.from <= soon }
            require(isKnown, "the level is not written after \(gap)")
        }
    }

    /// Once everything is over nothing more is lost, and the level is known.
    private func checkRecovery() {
        guard !truth.boot.isCut, truth.recovered < truth.end else { return }
        for gap in gaps {
            require(gap.discovered.nanoseconds <= truth.recovered, "reported after all was over: \(gap)")
        }
        let edge = edges.last
        let level = levels.last
        let known = (edge?.time ?? .zero) >= (level?.notAfter ?? .zero) ? edge?.isRising : level?.isHigh
        require(known == self.level(at: truth.end), "at the end the level is not the signal's")
    }

    private func describe(_ edge: Edge) -> String {
        "#\(edge.sequence) \(edge.isRising ? "rising" : "falling") at \(edge.time.nanoseconds)"
    }
}
