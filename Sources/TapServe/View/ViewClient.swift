import NIOCore
import NIOPosix
import Synchronization
import TapCore

/// What a window shows, had from a process that watches (`ViewServer`). Safe from any thread.
///
/// While somebody looks it asks for a state four times a second. Each state says how long it has been on its way and here; none is
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
        /// When it was asked for.
        var asked = NIODeadline.uptimeNanoseconds(0)
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
        eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .nanoseconds(WindowServer.turn.count)) {
            [weak self] _ in
            self?.takeTurn()
        }
    }

    /// Blocks until all has ended. Nobody is answered afterwards.
    public func stop() { try? group.syncShutdownGracefully() }

    /// For a `WindowServer`.
    public var content: WindowContent {
        WindowContent(
            state: { [self] in newestState() }, statements: .passedOn { [self] in pass($0, $1, $2) },
            ask: { [self] in ask($0, $1, $2) })
    }

    /// Asks as a browser would, of what is answered without a state.
    ///
    /// - Parameter reply: called once, on another thread; with nil where there is nothing under that path, or it is none.
    public func ask(_ target: String, _ reply: @escaping WindowContent.Reply) {
        guard let question = WindowQuestion(target: target) else { return reply(nil) }
        ask(question, WindowContent.Counts(), reply)
    }

    private var silence: WindowAnswer {
        .refusal(
            503,
            "what watches the plant does not answer at \(printable(path, longest: 200)): is 'tap run --view' running?")
    }

    private func takeTurn() {
        let isWanted = memory.withLock { memory in
            guard let wanted = memory.wanted, .now() - wanted < .nanoseconds(ViewClient.goesOn.count) else {
                return false
            }
            return true
        }
        // Where one is on its way, another one would be no newer.
        if isWanted, memory.withLock({ $0.waiting.isEmpty }) { askState { _ in } }
    }

    /// One at a time is on its way.
    private func askState(_ done: @escaping Wait) {
        let asked = NIODeadline.now()
        let isFirst = memory.withLock { memory in
            memory.waiting.append(done)
            return memory.waiting.count == 1
        }
        guard isFirst else { return }
        states.ask(.state) { [self] answer in
            let (state, waiting) = memory.withLock { memory in
                memory.newest = if case .state(let state) = answer { state } else { nil }
                memory.asked = asked
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
            guard var newest = memory.newest, now - memory.asked < .nanoseconds(ViewClient.oldest.count) else {
                return nil
            }
            newest.held = Nanoseconds((now - memory.asked).nanoseconds)
            return newest
        }
    }

    private func ask(
        _ question: WindowQuestion, _ counts: WindowContent.Counts, _ reply: @escaping WindowContent.Reply
    ) {
        // Nobody has asked for one lately.
        if question.path == "/api/state" {
            let silence = silence
            return askState { [self] _ in
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
