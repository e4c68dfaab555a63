import Synchronization
import TapCommand
import TapConfig
import TapCore
import TapDriver
import TapRecord
import TapServe
import TapSession
import TapWatch

/// A site that is witnessed: sessions of recording, one after the other, a new one for each change of the site file.
final class SiteRun: Sendable {
    private let path: String
    private let duration: Nanoseconds?
    private let control: String?
    private let window: WindowArguments
    private let log: ServiceLog
    private let manager = ServiceManager()
    private let state = Mutex(State())

    /// A site, and the bytes of the file that it was read from: another may stand there by now.
    private struct Loaded {
        var site: Site
        var text: String
    }

    /// What is recorded, for the window in this process; nil: there is none, or it remembers alone.
    private let follower: RecordFollower?

    private struct State {
        /// What runs now.
        var site: Loaded?
        var stopper: SessionStopper?
        /// What is to run instead, once the session has ended.
        var next: Loaded?
    }

    /// - Parameter cache: a folder for summaries of the window in this process; nil: its timeline is what it remembers.
    init(path: String, duration: Nanoseconds?, control: String?, window: WindowArguments, cache: String?) {
        follower = window.window == nil ? nil : cache.map { RecordFollower(site: path, in: $0) }
        self.path = path
        self.control = control
        self.window = window
        self.duration = duration
        log = ServiceLog(site: path)
    }

    /// Blocks until it is asked to end, or cannot go on.
    func run() throws(TapError) {
        var site = try load()
        try watchHangups()
        let following = follow()
        defer { following?.stop() }
        while true {
            var hasBegun = false
            do throws(TapError) {
                try record(site) { hasBegun = true }
            } catch {
                // Of a new file: what ran before it goes on. Of a session that has recorded: the manager starts it again.
                guard !hasBegun, let before = state.withLock({ $0.site }) else { throw error }
                refuse("\(error)", before.site)
                state.withLock { $0.next = nil }
                try record(before) {}
            }
            guard let next = state.withLock({ $0.next.take() }) else { break }
            site = next
        }
        manager?.stopping()
        log.say(.stopped, .notice, "stopped")
    }

    private func load() throws(TapError) -> Loaded {
        let text = StoreFile.text(path) ?? ""
        let site = try CommandSite.load(path)
        func missing(_ key: String, _ remedy: String) -> TapError {
            TapError(.configuration, path, "has no '\(key)'", remedy: remedy)
        }
        guard site.board != nil else { throw missing("board", "name the board file, as 'board: my-board.yaml'") }
        guard site.record != nil else {
            throw missing("record", "name a store, as 'record: {store: /var/lib/tap/record}'")
        }
        guard !site.signals.isEmpty else { throw missing("signals", "name what is wired, as 'signals: {DOOR: {}}'") }
        return Loaded(site: site, text: text)
    }

    /// One session. - Parameter began: called once it records.
    private func record(_ loaded: Loaded, _ began: @escaping () -> Void) throws(TapError) {
        let site = loaded.site
        guard let board = site.board, let record = site.record else { return }
        var options = SessionOptions(version: Tap.version)
        options.duration = duration
        options.notes = SiteArgument.notes(loaded.text, into: record.store)
        let changes = options.notes.dropFirst()
        var plan = try BoardPlan(path: board, lines: site.lines, channels: site.channels).plan(options, isQuiet: true)
        try plan.hear(site)
        let store = RecordStore(record.store)
        let recording = RecordingNow(store)
        let watch = SiteWatch(site, store: record.store, log, window, recording)
        if control != nil || window.tokens != nil {
            plan.add(ControlSource(watch.desk.inbox, for: duration), lines: 0, devices: 0)
        }
        let (log, manager, stopper) = (log, manager, plan.stopper)
        var run = StoreRun(plan: plan, store: store)
        run.watched = recording
        run.others = try watch.consumers()
        run.options.keepBytes = record.keepBytes
        run.options.keepFor = record.keepFor
        run.say = { log.say(.problem, .warning, $0) }
        run.onStep = pulse()
        run.began = { [self] in
            began()
            state.withLock {
                $0.site = loaded
                $0.stopper = stopper
                // Asked for while this one was opened.
                if $0.next != nil { stopper.stop() }
            }
            for change in changes { log.say(.configuration, .notice, change) }
            manager?.ready()
            manager?.status("recording \(counted(site.signals.count, "signal")) into \(record.store)")
            log.say(.started, .notice, "recording \(counted(site.signals.count, "signal")) into \(record.store)")
        }
        let server = serve(watch.desk)
        defer { server?.stop() }
        let shown = show(watch)
        defer { shown?.stop() }
        defer { watch.pins.finish() }
        let outcome = try run.run()
        let late = run.others.reduce(0) { $0 + (($1 as? MergedConsumer<WatchSink>)?.withSink { $0.late } ?? 0) }
        if late > 0 { log.say(.loss, .warning, "\(counted(late, "record")) came too late and changed no verdict") }
        if let verdicts = watch.verdicts { log.say(.stopped, .notice, "verdicts of this session: \(verdicts)") }
        for source in outcome.result.sources {
            for remark in source.remarks { log.say(.loss, .warning, "\(source.info.name): \(remark)") }
        }
        if outcome.counts.gaps > 0 {
            log.say(
                .loss, .warning,
                "losses: \(counted(outcome.counts.gaps, "gap")); 'tap replay \(record.store)' shows them")
        }
        for failure in outcome.result.consumers.compactMap(\.failure) { throw failure }
        for source in outcome.result.sources { if let failure = source.failure { throw failure } }
    }

    /// nil: nobody can ask, which is said; recording does not depend on it.
    private func serve(_ desk: ControlDesk) -> ControlServer? {
        guard let control else { return nil }
        do throws(TapError) { return try desk.serve(at: control) } catch {
            log.say(.problem, .error, "\(error); recording goes on, and nobody can ask")
            return nil
        }
    }

    /// nil: nobody sees it, which is said; recording does not depend on it.
    private func show(_ watch: SiteWatch) -> WindowDesk.Served? {
        do throws(TapError) {
            return try watch.window?.serve(isQuiet: false, follower: follower) { log.say(.started, .notice, $0) }
        } catch {
            log.say(.problem, .error, "\(error); recording goes on, and nobody sees it")
            return nil
        }
    }

    /// nil: nobody follows the store, which is said where somebody should; recording does not depend on it.
    private func follow() -> RecordFollower.Following? {
        do throws(TapError) {
            return try follower.map { follower throws(TapError) in try follower.start() }
        } catch {
            log.say(.problem, .error, "\(error); recording goes on, and the window's timeline is what it remembers")
            return nil
        }
    }

    /// Three signs of life in the time that the manager waits for one.
    private func pulse() -> ((Timestamp) -> Void)? {
        guard let manager, let limit = manager.watchdog else { return nil }
        var due = Timestamp.zero
        return { now in
            guard now >= due else { return }
            due = now + Nanoseconds(limit.count / 3)
            manager.pulse()
        }
    }

    // A changed file

    private func watchHangups() throws(TapError) {
        do throws(Errno) {
            _ = try SystemThread("tap-reload") { [self] in
                while true {
                    Signals.waitForHangup()
                    reload()
                }
            }
        } catch {
            throw TapError(
                .device, "this process", "the system makes no more threads for it: \(error.words)",
                remedy: "end what else runs as this user")
        }
    }

    private func reload() {
        manager?.reloading()
        defer { manager?.ready() }
        let before = state.withLock { $0.site }
        do throws(TapError) {
            let site = try load()
            log.say(.configuration, .notice, "read \(path) anew")
            state.withLock {
                $0.next = site
                $0.stopper?.stop()
            }
        } catch { if let before { refuse("\(error)", before.site) } }
    }

    /// A file that cannot be used: said, and entered into the record of what goes on.
    private func refuse(_ why: String, _ before: Site) {
        log.say(.configuration, .error, "\(why); recording goes on as it was")
        guard let store = before.record?.store else { return }
        let text = String("configuration refused: \(why)".prefix(1_000))
        do throws(TapError) {
            _ = try RecordStore(store).enter(StoreRequest(.remark(text), author: "tap"), clock: .system)
        } catch { log.say(.problem, .warning, "\(error)") }
    }
}
