import Glibc
import NIOCore
import NIOHTTP1
import Synchronization
public import TapCore

/// Serves a window: its page, the state as JSON, and a stream of states; takes what people with a token say of incidents.
/// HTTP/1.1, one question a connection.
///
/// A client that does not take what it is sent gets the newest state once it does again; nothing is queued for it. Safe from any
/// thread.
public final class WindowServer: Sendable {
    public struct Options: Sendable {
        public var place = ListenPlace.tcp(host: "127.0.0.1", port: 8_160)
        /// Names under which browsers may ask for it, beside addresses and `localhost`.
        public var names: [String] = []
        /// Connections at once; more are rejected.
        public var connections = 96
        /// Of those, streams of states.
        public var streams = 64
        /// How long a client may take for its question, and for taking an answer or a state.
        public var patience = Nanoseconds.seconds(15)

        public init() {}
    }

    /// How often it is looked whether something has changed that is shown at once.
    static let step = Nanoseconds.milliseconds(25)
    /// From one state to the next: where something has, where it has not, and where nothing but ages has changed.
    static let stepsOfPause: Int64 = 4
    static let stepsOfTurn: Int64 = 10
    static let stepsOfBeat: Int64 = 40
    static var pause: Nanoseconds { step * stepsOfPause }
    static var turn: Nanoseconds { step * stepsOfTurn }
    static let longestTarget = 2_048

    let options: Options
    private let content: WindowContent
    private let listener: ClientListener
    private let state: Mutex<State>

    private struct State: Sendable {
        var newest: WindowContent.State?
        var made = NIODeadline.uptimeNanoseconds(0)
        /// How many there were, when a state was sent last, and one with a beat.
        var step: Int64 = 0
        var sent: Int64 = 0
        var beat: Int64 = 0
        /// What `changes` was then.
        var changes: UInt64 = 0
        var streams: [ObjectIdentifier: WindowStream] = [:]
        var counts = WindowContent.Counts()
        var gate = WindowGate()
    }

    /// - Parameter say: called with one line where a client is rejected, on any thread.
    public init(
        _ content: WindowContent, options: Options = Options(), say: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.content = content
        self.options = options
        state = Mutex(State())
        listener = ClientListener(options.place, connections: options.connections, threads: 1, say: say)
    }

    /// Listens; clients are served from now on.
    ///
    /// - Returns: the port; 0 at a Unix socket.
    public func start() throws(TapError) -> Int {
        let port = try listener.start(remedy: "end what listens there, or name another address") {
            channel, _ in try WindowConnection.add(to: channel, self)
        }
        // Whatever clients ask for, what watches and records goes first.
        listener.eventLoop.execute { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10) }
        listener.eventLoop.scheduleRepeatedTask(
            initialDelay: .zero, delay: .nanoseconds(WindowServer.step.count)
        ) { _ in self.takeStep() }
        return port
    }

    /// Sends the newest state once more and ends every connection. Blocks until all have ended.
    public func stop() {
        let loop = listener.eventLoop
        try? loop.submit {
            self.takeStep(isLast: true)
        }.wait()
        listener.stop()
    }

    public var counts: WindowContent.Counts {
        let listened = listener.counts
        return state.withLock { state in
            var counts = state.counts
            (counts.connections, counts.turnedAway) = (listened.present, listened.turnedAway)
            counts.viewers = state.streams.count
            return counts
        }
    }

    // On the event loop

    private func takeStep(isLast: Bool = false) {
        let changes = content.changes()
        let (streams, isDue, isBeat) = state.withLock { state in
            state.step += 1
            let since = state.step - state.sent
            let isBeat = isLast || state.step - state.beat >= WindowServer.stepsOfBeat
            let isDue =
                isBeat || since >= WindowServer.stepsOfTurn
                || since >= WindowServer.stepsOfPause && changes != state.changes
            return (Array(state.streams.values), isDue, isBeat)
        }
        guard !streams.isEmpty, isDue, let newest = makeState() else { return }
        state.withLock { state in
            (state.sent, state.changes) = (state.step, changes)
            if isBeat { state.beat = state.step }
        }
        let now = NIODeadline.now()
        var skipped: UInt64 = 0
        for stream in streams where !stream.send(newest, at: now, isBeat: isBeat, isLast: isLast) { skipped += 1 }
        if skipped > 0 { state.withLock { $0.counts.skipped &+= skipped } }
    }

    private func makeState() -> WindowContent.State? {
        guard let made = content.state() else { return nil }
        state.withLock { ($0.newest, $0.made) = (made, .now()) }
        return made
    }

    /// Not older than a turn; nil: there is none yet.
    func newestState() -> WindowContent.State? {
        let known = state.withLock { state in
            NIODeadline.now() - state.made < .nanoseconds(WindowServer.turn.count) ? state.newest : nil
        }
        return known ?? makeState()
    }

    /// - Parameter reply: called once, on any thread.
    func answer(_ question: WindowQuestion, _ reply: @escaping WindowContent.Reply) {
        if question.path == "/api/state" {
            if let state = newestState() { return reply(WindowAnswer(text: state.served + "\n")) }
            return content.answer(question, counts) {
                reply($0 ?? .refusal(503, "the session has not begun yet: ask again in a second"))
            }
        }
        let name = question.path == "/" ? "page.html" : String(question.path.dropFirst())
        if let file = WindowPage.files.first(where: { $0.name == name }) {
            return reply(WindowAnswer(type: file.type, text: file.text))
        }
        if question.path == "/api/openapi.yaml" {
            return reply(WindowAnswer(type: "application/yaml", text: WindowAPI.text))
        }
        content.answer(question, counts, reply)
    }

    /// Whether somebody may say something; where another process decides that, nobody without a token.
    func admit(_ headers: HTTPHeaders) -> WindowGate.Admission {
        let token = WindowGate.bearer(headers)
        switch content.statements {
        case .refused(let why): return .refused(.refusal(403, why))
        case .passedOn:
            guard let token else { return .refused(WindowGate.missing) }
            let isToken =
                token.utf8.count <= ViewRequest.longestToken && token.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
            return isToken ? .bearer(token) : .refused(WindowGate.unknown)
        case .taken(let tokens, _):
            let now = Nanoseconds(Int64(clamping: NIODeadline.now().uptimeNanoseconds))
            switch state.withLock({ $0.gate.check(token, tokens, at: now) }) {
            case .holder(let name): return .holder(name)
            case .refused(let refusal): return .refused(refusal)
            }
        }
    }

    /// - Parameters:
    ///   - token: that came with it, where another process checks it.
    ///   - reply: called once, on any thread.
    func take(_ statement: WindowStatement, token: String?, _ reply: @escaping WindowContent.Reply) {
        switch content.statements {
        case .refused(let why): reply(.refusal(403, why))
        case .taken(_, let take): reply(take(statement))
        case .passedOn(let pass): pass(statement, token ?? "", reply)
        }
    }

    func count(isRefused: Bool) {
        state.withLock { state in
            state.counts.requests &+= 1
            state.counts.refused &+= isRefused ? 1 : 0
        }
    }

    /// - Returns: false: there are too many.
    func add(_ stream: WindowStream) -> Bool {
        state.withLock { state in
            guard state.streams.count < options.streams else { return false }
            state.streams[ObjectIdentifier(stream)] = stream
            return true
        }
    }

    func remove(_ stream: WindowStream) {
        state.withLock { $0.streams[ObjectIdentifier(stream)] = nil }
    }
}
