import Synchronization
public import TapCore

/// Asks one server on a thread of its own, one request in flight, so that a dead, hanging or lying server delays nothing but its
/// own answers. Safe from any thread.
public final class PollWorker: Sendable {
    public struct Event: Sendable, Hashable {
        public enum What: Sendable, Hashable {
            /// Registers, or bits as 0 and 1, of the question with this number.
            case values(question: Int, [UInt16])
            /// The server refuses this question.
            case refused(question: Int, exception: UInt8)
            /// It is not there any more, in words for people. Tried again.
            case gone(String)
        }

        public var what: What
        /// When the question was sent, or the connection tried.
        public var asked: Timestamp
        /// When that was known. Events come in this order.
        public var time: Timestamp

        /// The number of the question that was answered; nil: none was.
        public var question: Int? {
            switch what {
            case .values(let question, _), .refused(let question, _): question
            case .gone: nil
            }
        }
    }

    private struct State {
        var events: [Event] = []
        var isStopping = false
    }

    /// Readable when there are events.
    let arrived = WakePipe()
    private let kick = WakePipe()
    private let state = Mutex(State())
    private let server: PollServer
    private let questions: [PollQuestion]
    private let clock: any TapClock
    private let thread = Mutex<SystemThread?>(nil)

    /// Events that wait to be taken; while there are so many, nothing is asked.
    private static let most = 256

    /// - Parameter questions: at least one.
    public init(_ server: PollServer, _ questions: [PollQuestion], clock: any TapClock) {
        (self.server, self.questions, self.clock) = (server, questions, clock)
    }

    /// Begins to ask. Throws where libmodbus is not there, the server's address is none, or the system makes no more threads.
    public func start() throws(TapError) {
        try arrived.check()
        try kick.check()
        _ = try ModbusClient.make(server)
        do throws(Errno) {
            let thread = try SystemThread("tap-poll") { self.run() }
            self.thread.withLock { $0 = thread }
        } catch {
            throw TapError(.device, "\(server)", "the system cannot create another thread: \(error.words)", remedy: "")
        }
    }

    /// Asks nothing more. Does not wait for the answer that is due: its thread ends on its own.
    public func stop() {
        state.withLock { $0.isStopping = true }
        kick.wake()
        thread.withLock { $0.take() }?.leave()
    }

    /// What has come since the last call.
    ///
    /// - Returns: with it a time up to which nothing else comes.
    public func take() -> (events: [Event], upTo: Timestamp) {
        arrived.clear()
        return state.withLock { state in
            defer { state.events.removeAll(keepingCapacity: true) }
            return (state.events, clock.now())
        }
    }

    /// Blocks until something comes, or for so long.
    public func wait(_ limit: Nanoseconds) { arrived.wait(limit) }

    private func post(_ what: Event.What, asked: Timestamp) -> Timestamp {
        let time = state.withLock { state in
            let now = clock.now()
            state.events.append(Event(what: what, asked: asked, time: now))
            return now
        }
        arrived.wake()
        return time
    }

    private func run() {
        guard let client = try? ModbusClient.make(server) else { return }
        var schedule = PollSchedule(server, questions: questions.count, from: clock.now())
        var isConnected = false
        while true {
            let (isStopping, isFull) = state.withLock { ($0.isStopping, $0.events.count >= PollWorker.most) }
            if isStopping { return }
            let now = clock.now()
            guard now >= schedule.due, !isFull else {
                kick.wait(isFull ? .milliseconds(100) : clock.realSpan(of: schedule.due - now))
                continue
            }
            if !isConnected {
                if let error = client.connect() {
                    schedule.failed(at: post(.gone("no connection: \(error.words)"), asked: now))
                    continue
                }
                isConnected = true
            }
            isConnected = ask(client, &schedule)
        }
    }

    /// - Returns: whether the connection is of use.
    private func ask(_ client: ModbusClient, _ schedule: inout PollSchedule) -> Bool {
        let (number, asked) = (schedule.question, clock.now())
        let failure: String
        switch client.read(questions[number]) {
        case .values(let values):
            schedule.answered(asked: asked, at: post(.values(question: number, values), asked: asked))
            return true
        case .exception(let code):
            schedule.answered(asked: asked, at: post(.refused(question: number, exception: code), asked: asked))
            return true
        case .silence: failure = "no answer within \(Double(server.timeout.count) / 1e9) s"
        case .garbage: failure = "what it answers is no Modbus TCP"
        case .broken: failure = "the connection broke"
        }
        // What is still to come would be taken for the answer to the next question.
        client.close()
        schedule.failed(at: post(.gone(failure), asked: asked))
        return false
    }
}
