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
    private let arguments: WindowArguments
    private let address: WindowAddress
    private let site: Site
    private let watched: WatchedSite
    /// As `max` or a number.
    private let speed: String
    private let isLive: Bool
    let newest = WatchBoard.Newest()
    private let clock = SystemClock()
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
    }

    /// - Parameter speed: nil: real time.
    init(_ arguments: WindowArguments, _ address: WindowAddress, _ site: Site, _ watched: WatchedSite, speed: Speed?) {
        self.arguments = arguments
        self.address = address
        self.site = site
        self.watched = watched
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

    /// Listens, and says where.
    func serve(isQuiet: Bool) throws(TapError) -> WindowServer {
        var options = WindowServer.Options()
        (options.host, options.port, options.names) = (address.host, address.port, arguments.names)
        try ClientListener.check()
        let server = WindowServer(
            WindowContent(state: { [self] in newestState() }, answer: { [self] in answer($0, $1) }), options: options)
        let port: Int
        do throws(TapError) { port = try server.start() } catch {
            server.stop()
            throw error
        }
        ExitStatus.say("window: \(address.url(port: port))")
        if !address.isLoopback, !isQuiet {
            ExitStatus.say(
                "whoever reaches this address sees the plant: there is no login, so put a proxy with TLS and a login before it"
            )
        }
        return server
    }

    /// The session is over.
    func end() { state.withLock { $0.memory }?.end() }

    /// Waits for Ctrl-C where the window is to stay.
    func stay() {
        guard arguments.stays, Interruption.signal == nil else { return }
        ExitStatus.say("the watch has ended; the window stays until Ctrl-C")
        let pipe = WakePipe()
        Signals.onInterrupt(pipe.wake)
        pipe.waitReadable()
    }

    // On the server's thread

    private func newestState() -> WindowContent.State? {
        let snapshot = newest.snapshot
        let now = clock.now()
        return state.withLock { state -> WindowContent.State? in
            guard let memory = state.memory, let json = state.json,
                let model = state.builder?.model(memory.now, snapshot)
            else { return nil }
            if state.last.map({ !$0.isSame(as: model) }) ?? true { state.sequence += 1 }
            state.last = model
            let behind = model.isEnded ? .zero : state.stepped.map { now - $0 } ?? .zero
            return WindowContent.State(
                sequence: state.sequence, now_ns: model.now.count, isEnded: model.isEnded,
                text: json.state(model, sequence: state.sequence, behind: behind))
        }
    }

    private func answer(_ question: WindowQuestion, _ counts: WindowContent.Counts) -> WindowAnswer? {
        guard let (memory, json) = state.withLock({ state in state.memory.flatMap { m in state.json.map { (m, $0) } } })
        else { return .refusal(503, "the session has not begun yet: ask again in a second") }
        switch question.path {
        case "/api/timeline": return timeline(question, memory, json)
        case "/metrics":
            _ = newestState()
            guard let model = state.withLock({ $0.last }) else { return nil }
            return WindowAnswer(
                type: "text/plain; version=0.0.4; charset=utf-8",
                text: WindowMetrics.text(model, json.header, watched, counts))
        default: return question.path.hasPrefix("/api/incidents/") ? incident(question, memory, json) : nil
        }
    }

    private static let mostBuckets = 4_000

    private func timeline(_ question: WindowQuestion, _ memory: WindowMemory, _ json: WindowJSON) -> WindowAnswer {
        func number(_ name: String) -> Int64? { question.query[name].flatMap { Int64($0) } }
        guard let from = number("from"), let to = number("to"), from < to, from > -1 << 60, to < 1 << 60 else {
            return .refusal(400, "from and to are nanoseconds since the start, as from=0&to=60000000000")
        }
        let count = Int(number("buckets") ?? 600)
        guard (1...WindowDesk.mostBuckets).contains(count) else {
            return .refusal(400, "buckets must be 1 to \(WindowDesk.mostBuckets)")
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
        // An answer stays below a size that a phone takes.
        let each = max(1, min(count, 40_000 / max(1, places.count)))
        let findings = newest.snapshot.findings.filter {
            $0.began.count < to && ($0.cleared.map { $0.count > from } ?? true)
        }
        return WindowAnswer(
            text: json.timeline(
                memory.spans(of: places, from: from, to: to, count: each), from: from, to: to, findings: findings)
                + "\n")
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
        return WindowAnswer(text: json.incident(shown, [("events", json.events(of: shown.incident, memory))]) + "\n")
    }
}
