// Unsafe here: descriptors that live as long as the call are handed to ppoll.

import CLinux
import Glibc
import Synchronization
package import TapBroker
package import TapCore

/// Subscribes to a broker on a thread of its own, which may be blocked by it for as long as it likes: nobody waits for it.
/// Publishes nothing. Safe from any thread.
package final class BrokerWorker: Sendable {
    package struct Event: Sendable, Hashable {
        package enum What: Sendable, Hashable {
            /// The broker passes on what is said from now on, but not of these topics, which it refuses.
            case listening(refused: [String])
            case message(BrokerMessage)
            /// The broker is not there, in words for people; it was, for the last time, at `alive`. Tried again.
            case gone(String, alive: Timestamp?)
            /// So many messages had no room, the first at `from`.
            case full(UInt64, from: Timestamp)
        }

        package var what: What
        /// When that was known. Events come in this order.
        package var time: Timestamp
    }

    private struct State {
        var events: [Event] = []
        var bytes = 0
        /// Since the last call of `take`.
        var dropped: (count: UInt64, from: Timestamp, to: Timestamp)?
        var isStopping = false
    }

    /// Readable when there are events.
    let arrived = WakePipe()
    private let kick = WakePipe()
    private let state = Mutex(State())
    private let broker: BrokerOptions
    private let topics: [String]
    private let clock: any TapClock
    private let thread = Mutex<SystemThread?>(nil)

    /// Messages, and bytes of them, that wait to be taken; what comes beside is dropped, and counted.
    private static let most = 4_096
    private static let mostBytes = 16 << 20
    /// Until the broker takes the connection, and until it has answered to all subscriptions.
    private static let patience = Nanoseconds.seconds(8)
    private static let keepAlive_s: UInt16 = 10

    /// - Parameter topics: that are subscribed to; they may have wildcards.
    package init(_ broker: BrokerOptions, topics: [String], clock: any TapClock) {
        (self.broker, self.topics, self.clock) = (broker, topics, clock)
    }

    /// Begins to connect. Throws where libmosquitto is not there, a file of the login cannot be read, or the system makes no more
    /// threads.
    package func start() throws(TapError) {
        for pipe in [arrived, kick] { try pipe.check() }
        try BrokerClient.checkLibrary()
        try broker.check()
        do throws(Errno) {
            let thread = try SystemThread("tap-broker") { self.run() }
            self.thread.withLock { $0 = thread }
        } catch {
            throw TapError(.device, "a thread", "cannot be made: \(error.words)", remedy: TapError.openFilesRemedy)
        }
    }

    /// Hears nothing more. Does not wait for the connection to end: its thread ends on its own.
    package func stop() {
        state.withLock { $0.isStopping = true }
        kick.wake()
        thread.withLock { $0.take() }?.leave()
    }

    /// What has come since the last call.
    ///
    /// - Returns: with it a time up to which nothing else comes.
    package func take() -> (events: [Event], upTo: Timestamp) {
        arrived.clear()
        return state.withLock { state in
            var events = state.events
            if let (count, from, to) = state.dropped {
                events.append(Event(what: .full(count, from: from), time: to))
            }
            state.events.removeAll(keepingCapacity: true)
            (state.bytes, state.dropped) = (0, nil)
            return (events, clock.now())
        }
    }

    private var isStopping: Bool { state.withLock { $0.isStopping } }

    private func post(_ what: Event.What) {
        state.withLock { state in
            let now = clock.now()
            if case .message(let message) = what {
                let size = message.topic.utf8.count + (message.payload?.count ?? 0)
                // Once one had no room the others wait for `take` too, so that the loss is one span.
                guard state.dropped == nil, state.events.count < BrokerWorker.most,
                    state.bytes + size <= BrokerWorker.mostBytes
                else {
                    state.dropped = ((state.dropped?.count ?? 0) + 1, state.dropped?.from ?? now, now)
                    return
                }
                state.bytes += size
            } else if let (count, from, to) = state.dropped {
                state.events.append(Event(what: .full(count, from: from), time: to))
                state.dropped = nil
            }
            state.events.append(Event(what: what, time: now))
        }
        arrived.wake()
    }

    private func run() {
        var backOff = BackOff()
        while !isStopping {
            var alive: Timestamp?
            let why = connection(&alive) { backOff.reset() }
            if isStopping { return }
            post(.gone(why, alive: alive))
            let until = clock.now() + backOff.next()
            while !isStopping, clock.now() < until { kick.wait(clock.realSpan(of: until - clock.now())) }
        }
    }

    /// One connection, until it ends.
    ///
    /// - Parameter alive: when the broker was there for the last time; nil: it never passed on anything.
    /// - Returns: why it ended.
    private func connection(_ alive: inout Timestamp?, listening: () -> Void) -> String {
        do throws(BrokerClient.Failure) {
            let client = try BrokerListener(broker)
            try client.connect(broker.host, broker.port, keepAlive_s: BrokerWorker.keepAlive_s)
            do throws(BrokerClient.Failure) {
                return try listen(client, &alive, listening)
            } catch { return client.refusal ?? error.words }
        } catch { return error.words }
    }

    private func listen(
        _ client: BrokerListener, _ alive: inout Timestamp?, _ listening: () -> Void
    ) throws(BrokerClient.Failure) -> String {
        let began = clock.now()
        var questions: [(number: Int32, topic: String)]?
        var isListening = false
        // What comes before the broker has answered to all questions.
        var early: [BrokerMessage] = []
        while true {
            let isReadable = wait(client, .seconds(1))
            let messages = try client.takeTurn()
            if isStopping {
                client.disconnect()
                _ = try client.takeTurn()
                return "ended"
            }
            if let refusal = client.refusal { return refusal }
            let now = clock.now()
            if isListening {
                for message in messages { post(.message(message)) }
                if isReadable { alive = now }
                continue
            }
            early += messages
            guard early.count <= BrokerWorker.most else { return "sends too much before it has answered" }
            if client.answer == 0, questions == nil {
                var asked: [(Int32, String)] = []
                for topic in topics { asked.append((try client.subscribe(topic), topic)) }
                questions = asked
            }
            if let questions, client.isAnswered {
                (isListening, alive) = (true, now)
                post(.listening(refused: questions.filter { !client.isGranted($0.number) }.map(\.topic)))
                for message in early { post(.message(message)) }
                listening()
            } else if now - began > BrokerWorker.patience {
                return "does not answer within \(BrokerWorker.patience.count / 1_000_000_000) s"
            }
        }
    }

    /// For something from the broker, the end, or the limit.
    ///
    /// - Returns: whether something has come from the broker.
    private func wait(_ client: BrokerListener, _ limit: Nanoseconds) -> Bool {
        let descriptor = client.descriptor
        var polled = [
            pollfd(fd: kick.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(
                fd: descriptor.number, events: Int16(POLLIN | (descriptor.writes ? POLLOUT : 0)), revents: 0),
        ]
        _ = unsafe tap_poll(&polled, 2, limit.count)
        kick.clear()
        return polled[1].revents & Int16(POLLIN) != 0
    }
}
