import NIOCore
import NIOPosix
import Synchronization
import TapCore

/// What a window shows, had from a process that watches (`ViewServer`). Safe from any thread.
///
/// While somebody looks it asks for the next state, 100 ms after the one before, which comes when something has changed that is
/// shown at once, or 150 ms later. Each state says how long it has been on its way and here; none is
/// given out that is older than two seconds.
public final class ViewClient: Sendable {
    /// Since somebody asked for a state.
    private static let goesOn = Nanoseconds.seconds(10)
    /// Of a state.
    static let oldest = Nanoseconds.seconds(2)

    private let path: String
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let states: ViewLink
    /// So that no question of a browser makes a state wait.
    private let others: ViewLink
    private let memory: Memory

    private typealias Wait = @Sendable (WindowContent.State?) -> Void

    /// What is known here, of the plant and of who asked.
    private final class Memory: Sendable {
        private let kept = Mutex(Kept())

        func withLock<Result: Sendable>(_ body: (inout sending Kept) -> sending Result) -> sending Result {
            kept.withLock(body)
        }
    }

    private struct Kept: Sendable {
        var newest: WindowContent.State?
        /// What it shows at once has this number.
        var changes: UInt64 = 0
        /// It was made then, or later.
        var made = NIODeadline.uptimeNanoseconds(0)
        /// When the last answer came, or did not.
        var answered = NIODeadline.uptimeNanoseconds(0)
        /// It did not.
        var isSilent = false
        var wanted: NIODeadline?
        /// They have asked for the one that is on its way.
        var waiting: [Wait] = []
    }

    /// - Parameter path: of the socket.
    public init(_ path: String) {
        self.path = path
        let eventLoop = group.next()
        let memory = Memory()
        self.memory = memory
        states = ViewLink(path, on: eventLoop, limit: .seconds(2)) { memory.withLock { $0.newest = nil } }
        others = ViewLink(path, on: eventLoop, limit: .seconds(10))
        eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .nanoseconds(WindowServer.step.count)) {
            [weak self] _ in
            self?.takeStep()
        }
    }

    /// Blocks until all has ended. Nobody is answered afterwards.
    public func stop() { try? group.syncShutdownGracefully() }

    /// For a `WindowServer`.
    public var content: WindowContent {
        WindowContent(
            state: { [self] in newestState() }, changes: { [self] in memory.withLock { $0.changes } },
            statements: .passedOn { [self] in pass($0, $1, $2) },
            ask: { [self] in ask($0, $1, $2) })
    }

    private var silence: WindowAnswer {
        .refusal(
            503,
            "what watches the plant does not answer at \(printable(path, longest: 200)): is 'tap run --view' running?")
    }

    private func takeStep() {
        let now = NIODeadline.now()
        let known = memory.withLock { memory -> UInt64? in
            // Where one is on its way, another one would be no newer.
            guard let wanted = memory.wanted, now - wanted < .nanoseconds(ViewClient.goesOn.count),
                memory.waiting.isEmpty, now - memory.answered >= .nanoseconds(WindowServer.pause.count)
            else { return nil }
            return memory.changes
        }
        if let known { askState(.next(known)) { _ in } }
    }

    /// One at a time is on its way.
    private func askState(_ request: ViewRequest, _ done: @escaping Wait) {
        let asked = NIODeadline.now()
        let isFirst = memory.withLock { memory in
            memory.waiting.append(done)
            return memory.waiting.count == 1
        }
        guard isFirst else { return }
        states.ask(request) { [self] answer in
            let now = NIODeadline.now()
            let (state, waiting) = memory.withLock { memory in
                if case .state(let state, let changes, let waited) = answer {
                    (memory.newest, memory.changes, memory.isSilent) = (state, changes, false)
                    memory.made = min(now, asked + .nanoseconds(waited.count))
                } else {
                    (memory.newest, memory.isSilent) = (nil, true)
                }
                memory.answered = now
                defer { memory.waiting = [] }
                return (memory.newest, memory.waiting)
            }
            for done in waiting { done(state) }
        }
    }

    private func newestState() -> WindowContent.State? {
        let now = NIODeadline.now()
        return memory.withLock { memory in
            memory.wanted = now
            guard var newest = memory.newest, now - memory.made < .nanoseconds(ViewClient.oldest.count) else {
                return nil
            }
            newest.held = Nanoseconds((now - memory.made).nanoseconds)
            return newest
        }
    }

    private func ask(
        _ question: WindowQuestion, _ counts: WindowContent.Counts, _ reply: @escaping WindowContent.Reply
    ) {
        // Nobody has asked for one lately.
        if question.path == "/api/state" {
            let silence = silence
            // It is asked again all the time, and what has just not been answered keeps nobody waiting.
            let isSilent = memory.withLock {
                $0.isSilent && NIODeadline.now() - $0.answered < .nanoseconds(2 * ViewClient.oldest.count)
            }
            guard !isSilent else { return reply(silence) }
            return askState(.state) { [self] _ in
                reply(newestState().map { WindowAnswer(text: $0.served + "\n") } ?? silence)
            }
        }
        pass(.get(question, counts), reply)
    }

    private func pass(_ statement: WindowStatement, _ token: String, _ reply: @escaping WindowContent.Reply) {
        pass(.say(statement, token: token), reply)
    }

    private func pass(_ request: ViewRequest, _ reply: @escaping WindowContent.Reply) {
        let silence = silence
        others.ask(request) { answer in
            switch answer {
            case .answer(let answer): reply(answer)
            case .nothing: reply(nil)
            case .state, nil: reply(silence)
            }
        }
    }
}
