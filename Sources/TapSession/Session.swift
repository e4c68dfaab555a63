import TapClaims
import TapConfig
public import TapCore
import TapDriver

/// Wires sources, rings and consumers together, and runs them. On one thread; only its stopper may be used from others.
public final class Session {
    private let plan: SessionPlan
    private var clock: any TapClock { plan.time.clock }
    private var origin = Timestamp.zero

    public init(_ plan: SessionPlan) { self.plan = plan }

    /// Ends it; see `SessionStopper`.
    public var stopper: SessionStopper { plan.stopper }

    /// Opens everything. First levels are in the rings when this returns. Blocks as long as the hardware takes; on an
    /// error nothing stays open.
    ///
    /// - Parameter check: of what is open, whether it is as it should be.
    public func open(_ check: (SessionHeader) throws(TapError) -> Void = { _ throws(TapError) in }) throws(TapError) {
        try plan.time.check()
        // One instant for all: simulated wires count their time from it.
        origin = clock.now()
        var opened: [any Capturing] = []
        do throws(TapError) {
            for source in plan.sources {
                try source.open(at: origin)
                opened.append(source)
                for feed in plan.heard where feed.isOf(source.info) { feed.open(source.info) }
            }
            if case .board(let board) = plan.wires {
                try BoardMatch.checkProvenance(board, plan.sources.map(\.info))
            }
            try check(header)
        } catch {
            // What was set on a device is put back, and lines are let go.
            for source in opened {
                source.requestStop()
                _ = source.step(at: clock.now())
            }
            throw error
        }
    }

    /// Runs until every source has ended, or is stopped by a limit, by the stopper, because an essential consumer has
    /// failed, or because none is left.
    /// Blocks; call it once, after `open`.
    ///
    /// - Throws: where the system makes no threads for it.
    public func run() throws(TapError) -> SessionResult {
        let header = header
        let limits = SessionLimits(header, from: plan.options.from, end: end, count: plan.options.count)
        precondition(!plan.consumers.isEmpty, "a session without a consumer")
        let feeds = plan.sources.map { makeFeeds(of: $0) }
        let stages = plan.consumers.enumerated().map { index, consumer in
            consumer.makeStage(
                SessionStart(
                    header: header, feeds: feeds.map { $0[index] }, tick: plan.time.tick, stopper: stopper,
                    limits: limits))
        }
        let realTime = plan.options.realTime
        let words = RealTimeWords()
        let driver = plan.time.driver(
            sources: plan.sources + plan.companions, consumers: stages, until: end == .distantFuture ? nil : end
        ) { words.add(realTime.apply()) }
        stopper.arm(driver.stop)
        driver.run()
        if let failure = driver.failure() { throw failure }
        return SessionResult(
            header: header, lasted: lasted, sources: plan.sources.map { SessionResult.Source($0) },
            consumers: zip(plan.consumers, stages).map { consumer, stage in
                SessionResult.Consumer(
                    name: consumer.name, statistics: consumer.statistics, failure: stage.failure)
            }, realTimeWords: words.all)
    }

    /// One for each consumer; what is heard on its lines is read by others.
    private func makeFeeds(of source: any Capturing) -> [RecordFeed] {
        let heard = plan.heard.filter { $0.isOf(source.info) }
        let feeds = source.makeFeeds(plan.consumers.count + heard.count)
        for (heard, feed) in zip(heard, feeds[plan.consumers.count...]) { heard.give(feed) }
        return Array(feeds[..<plan.consumers.count])
    }

    private var lasted: Nanoseconds {
        let ends = plan.sources.compactMap(\.ended)
        let ended = ends.count == plan.sources.count ? ends.max() : nil
        return min((ended ?? clock.now()) - origin, plan.options.duration ?? Nanoseconds(.max))
    }

    /// When the sources are stopped; a scenario's ends on its own, so that it is whole however late its thread is.
    private var end: Timestamp {
        if case .scenario = plan.wires { return .distantFuture }
        return plan.options.duration.map { origin + $0 } ?? .distantFuture
    }

    /// What is listened to. Complete once everything is open.
    public private(set) lazy var header = makeHeader()

    private func makeHeader() -> SessionHeader {
        var header = headerOfWires()
        header.notes += plan.options.notes
        return header
    }

    private func headerOfWires() -> SessionHeader {
        let sources = plan.sources.map(\.info)
        switch plan.wires {
        case .board(let board):
            let names = Set(sources.flatMap(\.lines).map(\.name) + sources.flatMap(\.devices).map(\.name))
            return SessionHeader(
                version: plan.options.version, board: board.name, origin: origin,
                fix: ClockFixSource.Readings.system.fix(),
                kernel: BoardMatch.kernel(), sources: sources, shortestPulse: shortestPulse,
                notes: board.notes(
                    lines: board.lines.filter { names.contains($0.name) },
                    adcs: board.adcs.filter { names.contains($0.name) }))
        case .scenario(let scenario):
            // Nothing of this machine: a run is the same on every one.
            return SessionHeader(
                version: plan.options.version, board: scenario.name, origin: origin, fix: fix(of: scenario), kernel: "",
                sources: sources, seed: scenario.seed)
        case .file(let recorded): return header(replaying: recorded, sources)
        }
    }

    /// The date of the scenario's plant, exactly; nil: it has none.
    private func fix(of scenario: Scenario) -> ClockFix? {
        guard let utc_s = scenario.plant?.utcAtStart_s, utc_s > 0 else { return nil }
        return ClockFix(
            monotonic: origin, utcNanoseconds: UInt64(utc_s) * 1_000_000_000, bracket: .zero,
            bootID: BootID(high: 0, low: 0), isSynchronised: true, sinceSynchronised: .zero, kernelMaximumError: .zero)
    }

    private func header(replaying recorded: SessionHeader, _ sources: [SourceInfo]) -> SessionHeader {
        var header = recorded
        // The file's times stay as they are, its beginning is now.
        let offset = origin - header.origin
        header.version = plan.options.version
        header.origin = origin
        if let fix = header.fix { header.fix?.monotonic = fix.monotonic + offset }
        header.sources = sources
        return header
    }

    /// Of the chips that are listened to.
    private var shortestPulse: Nanoseconds? {
        let chips = plan.sources.flatMap(\.info.lines).map(\.chip)
        return chips.isEmpty ? nil : plan.options.profile?.shortestPulse(ofChips: chips)
    }
}
