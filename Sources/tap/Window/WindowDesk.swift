import Glibc
import Synchronization
import TapCommand
import TapConfig
import TapCore
import TapDriver
import TapFormats
import TapServe
import TapSession
import TapView
import TapWatch

/// The window of a watch that runs: what it takes from the session and from the watch, and what it answers of it.
final class WindowDesk: Sendable {
    private let outlet: WindowOutlet
    private let stays: Bool
    private let site: Site
    private let watched: WatchedSite
    /// As `max` or a number.
    private let speed: String
    private let isLive: Bool
    /// Of a store that is looked at; nil: what is shown is watched now.
    private let record: RecordTimeline?
    /// nil: nothing is recorded by whoever watches.
    private let recording: RecordingNow?
    /// nil: nobody can say anything of incidents.
    private let voice: WindowVoice?
    let newest = WatchBoard.Newest()
    private let clock = SystemClock()
    /// By which others know that changes are counted anew.
    private let run: String
    private let state = Mutex(State())

    private struct State: Sendable {
        var memory: WindowMemory?
        var json: WindowJSON?
        var builder: WindowBuilder?
        var unmatched: [String] = []
        var last: WindowModel?
        var sequence: UInt64 = 0
        /// When the window's consumer was last stepped, in real time.
        var stepped: Timestamp?
        /// Why the watch of a store did not come to its end.
        var failure: TapError?
    }

    /// - Parameters:
    ///   - stays: after the watch has ended, until Ctrl-C.
    ///   - speed: nil: real time.
    ///   - record: of a store.
    ///   - recording: what goes on beside the watch.
    ///   - voice: how people say something of incidents.
    init(
        _ outlet: WindowOutlet, stays: Bool, _ site: Site, _ watched: WatchedSite, speed: Speed?,
        record: RecordTimeline? = nil, recording: RecordingNow? = nil, voice: WindowVoice? = nil
    ) {
        self.voice = voice
        (self.outlet, self.stays, self.record, self.recording) = (outlet, stays, record, recording)
        self.site = site
        self.watched = watched
        run = "\(getpid())-\(clock.now().nanoseconds)"
        isLive = speed == nil
        self.speed =
            switch speed {
            case nil: "1"
            case .times(let factor): "\(factor)"
            case .max: "max"
            }
    }

    /// What rules ask for and nothing in the session is.
    func miss(_ names: [String]) { state.withLock { $0.unmatched = names } }

    /// Takes the records of the session, beside the watch.
    func consumer() -> any SessionConsumer {
        MergedConsumer<WindowSink>("window", onBatch: { [self] in step($0) }) { [self] header in
            let memory = WindowMemory(WindowLayout(site, header))
            state.withLock { state in
                state.memory = memory
                state.json = WindowJSON(site, watched, header, speed: speed)
                state.builder = WindowBuilder(
                    site, watched, memory.layout, unmatched: state.unmatched, clock: WindowDesk.words(of: header))
            }
            return WindowSink(memory, isLive: isLive)
        }
    }

    private func step(_ progress: SessionProgress) {
        let now = clock.now()
        state.withLock { state in
            state.stepped = now
            state.memory?.rings(progress.ringFill())
        }
    }

    private static func words(of header: SessionHeader) -> String {
        guard header.dateUTC_ns != nil else { return "no date: times are since the start" }
        guard let fix = header.fix else { return "not known" }
        let span = Words.span(Nanoseconds(fix.bracket.count / 2))
        return fix.isSynchronised
            ? "synchronised by the system, read within +-\(span) at the start"
            : "not synchronised; read within +-\(span) at the start"
    }

    /// What is served, until it is stopped.
    struct Served {
        /// Blocks until nobody is served any more.
        let stop: () -> Void
    }

    /// Listens, and says where.
    ///
    /// - Parameters:
    ///   - follower: of the store that is recorded, for browsers; nil: there is none, or nobody follows it.
    ///   - say: takes a line.
    func serve(
        isQuiet: Bool, follower: RecordFollower? = nil, say: (String) -> Void = { ExitStatus.say($0) }
    ) throws(TapError) -> Served {
        let content = WindowContent(
            state: { [self] in newestState() }, changes: { [self] in changes }, statements: statements,
            answer: { [self] in answer($0, $1) })
        try ClientListener.check()
        switch outlet {
        case .browsers(let address, let names):
            let past = follower.map { WindowPast(content, $0) }
            let server: WindowServer
            do throws(TapError) {
                server = try WindowDesk.serve(past?.content ?? content, address, names, isQuiet: isQuiet, say: say)
            } catch {
                past?.stop()
                throw error
            }
            return Served {
                server.stop()
                past?.stop()
            }
        case .process(let path):
            let server = ViewServer(path: path, content)
            do throws(TapError) { try server.start() } catch {
                server.stop()
                throw error
            }
            say("view: \(printable(path)), for 'tap window view'")
            return Served(stop: server.stop)
        }
    }

    /// Listens, and says where.
    static func serve(
        _ content: WindowContent, _ address: WindowAddress, _ names: [String], isQuiet: Bool, say: (String) -> Void
    ) throws(TapError) -> WindowServer {
        var options = WindowServer.Options()
        (options.place, options.names) = (address.place, names)
        let server = WindowServer(content, options: options)
        let port: Int
        do throws(TapError) { port = try server.start() } catch {
            server.stop()
            throw error
        }
        say("window: \(address.url(port: port))")
        if !address.isLocal, !isQuiet {
            say(
                "whoever reaches this address sees the plant: there is no login, so put a proxy with TLS and a login before it"
            )
        }
        return server
    }

    private var statements: WindowContent.Statements {
        if record != nil {
            return .refused("this is a record: say it where the incident is watched, while it is")
        }
        guard let voice else {
            return .refused("this window was started without --window-tokens")
        }
        return .taken(voice.tokens) { [self] in
            state.withLock({ $0.last?.isEnded ?? false })
                ? .refusal(409, "the watch has ended: nothing more can be said of its incidents")
                : voice.take($0, newest.snapshot.incidents)
        }
    }

    /// The session is over.
    ///
    /// - Parameter failure: why it did not come to its end.
    func end(_ failure: TapError? = nil) {
        state.withLock { state in
            state.failure = failure
            return state.memory
        }?.end()
    }

    /// Waits for Ctrl-C where the window is to stay.
    func stay(_ words: String? = "the watch has ended; the window stays until Ctrl-C") {
        guard stays, Interruption.signal == nil else { return }
        if let words { ExitStatus.say(words) }
        let pipe = WakePipe()
        Signals.onInterrupt(pipe.wake)
        pipe.waitReadable()
    }

    // On the server's thread

    private var changes: UInt64 { newest.revision &+ (state.withLock { $0.memory }?.changes ?? 0) }

    private func newestState() -> WindowContent.State? {
        let snapshot = newest.snapshot
        let now = clock.now()
        // Before the lock, for it reads a file.
        let recorded = recording.map { $0.text($0.reading) }
        return state.withLock { state -> WindowContent.State? in
            guard let memory = state.memory, let json = state.json,
                var model = state.builder?.model(memory.now, snapshot)
            else { return nil }
            if let record { RecordState.complete(&model, record, state.failure, json.time) }
            if state.last.map({ !$0.isSame(as: model) }) ?? true { state.sequence += 1 }
            state.last = model
            let behind = model.isEnded ? .zero : state.stepped.map { now - $0 } ?? .zero
            return WindowContent.State(
                sequence: state.sequence, now_ns: model.now.count, isEnded: model.isEnded,
                text: json.state(
                    model, statements: statements, sequence: state.sequence, behind: record == nil ? behind : .zero,
                    record: record.map { RecordState.text($0, model, json.time, state.failure) }, recording: recorded))
        }
    }

    private func answer(_ question: WindowQuestion, _ counts: WindowContent.Counts) -> WindowAnswer? {
        guard let (memory, json) = state.withLock({ state in state.memory.flatMap { m in state.json.map { (m, $0) } } })
        else { return .refusal(503, "the session has not begun yet: ask again in a second") }
        switch question.path {
        case "/api/timeline": return timeline(question, memory, json)
        case "/api/changes": return changes(question, json)
        case "/metrics":
            _ = newestState()
            guard let model = state.withLock({ $0.last }) else { return nil }
            return WindowAnswer(
                type: "text/plain; version=0.0.4; charset=utf-8",
                text: WindowMetrics.text(model, json.header, watched, counts, recording?.reading))
        default: return question.path.hasPrefix("/api/incidents/") ? incident(question, memory, json) : nil
        }
    }

    private func timeline(_ question: WindowQuestion, _ memory: WindowMemory, _ json: WindowJSON) -> WindowAnswer {
        func number(_ name: String) -> Int64? { question.query[name].flatMap { Int64($0) } }
        guard let from = number("from"), let to = number("to"), from < to, from > -1 << 60, to < 1 << 60 else {
            return .refusal(400, "from and to are nanoseconds since the start, as from=0&to=60000000000")
        }
        let width = number("width")
        guard width.map({ $0 > 0 && (to - from) / $0 <= TimelineLimit.buckets }) ?? (question.query["width"] == nil)
        else {
            return .refusal(
                400, "width is that of a bucket in nanoseconds, for at most \(TimelineLimit.buckets) of them")
        }
        let count = width.map { max(1, Int((to - from) / $0)) } ?? Int(number("buckets") ?? 600)
        guard (1...TimelineLimit.buckets).contains(count) else {
            return .refusal(400, "buckets must be 1 to \(TimelineLimit.buckets)")
        }
        let layout = memory.layout
        var places = layout.order
        if let wanted = question.query["lanes"], !wanted.isEmpty {
            places = []
            for name in wanted.split(separator: ",") where name != "findings" {
                guard let place = layout.lane(named: String(name)) else {
                    return .refusal(
                        404,
                        "there is no lane '\(printable(String(name), longest: 80))': /api/timeline without 'lanes' names all"
                    )
                }
                if !places.contains(place) { places.append(place) }
            }
        }
        guard width == nil || count * places.count <= TimelineLimit.buckets else {
            return .refusal(
                400, "with this width \(places.count) lanes have more than \(TimelineLimit.buckets) buckets: name fewer"
            )
        }
        let findings = newest.snapshot.findings.filter {
            $0.began.count < to && ($0.cleared.map { $0.count > from } ?? true)
        }
        do throws(TapError) {
            let spans =
                if let record {
                    try TimelineLimit.spans(record, places, from: from, to: to, count: count)
                } else {
                    TimelineLimit.spans(memory, places, from: from, to: to, count: count, width: width)
                }
            return WindowAnswer(
                text: json.timeline(
                    spans, from: from, to: to, memoryFrom: record == nil ? memory.now.from : 0,
                    session: recording?.session, findings: findings) + "\n")
        } catch { return .refusal(500, "\(error)") }
    }

    private func changes(_ question: WindowQuestion, _ json: WindowJSON) -> WindowAnswer {
        // As far as every reader of JSON counts.
        let after = question.query["after"].map { isDigits($0) ? UInt64($0).flatMap { $0 < 1 << 53 ? $0 : nil } : nil }
        guard after.map({ $0 != nil }) ?? true else {
            return .refusal(400, "after is the number of a change, from 0 on")
        }
        // Before the model of it: what it has of incidents is as new, or newer.
        let snapshot = newest.snapshot
        _ = newestState()
        let now = clock.now()
        let (last, stepped) = state.withLock { ($0.last, $0.stepped) }
        guard let last else { return .refusal(503, "the session has not begun yet: ask again in a second") }
        let behind = last.isEnded || record != nil ? .zero : stepped.map { now - $0 } ?? .zero
        return WindowAnswer(text: json.changes(snapshot, after: after ?? nil, run: run, last, behind: behind) + "\n")
    }

    private func incident(_ question: WindowQuestion, _ memory: WindowMemory, _ json: WindowJSON) -> WindowAnswer {
        let text = question.path.dropFirst("/api/incidents/".count)
        let shown = Int(text).flatMap { number in
            newest.snapshot.incidents.first { $0.incident.number == number }
        }
        guard isDigits(text), let shown else {
            return .refusal(
                404,
                "there is no incident '\(printable(String(text), longest: 40))' that is open or among the last closed ones"
            )
        }
        do throws(TapError) {
            let events = try json.events(of: shown.incident, memory.layout) { lanes, from, to throws(TapError) in
                guard let record else {
                    return memory.spans(
                        of: lanes, from: from, to: to, count: 1, mostChanges: WindowJSON.mostEvents)
                }
                return try record.spans(
                    of: lanes, from: from, to: min(to, from + RecordTimeline.mostRead), count: 1,
                    mostChanges: WindowJSON.mostEvents)
            }
            return WindowAnswer(text: json.incident(shown, [("events", events)]) + "\n")
        } catch { return .refusal(500, "\(error)") }
    }
}
