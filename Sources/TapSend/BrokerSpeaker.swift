// Unsafe here: descriptors that live as long as the call are handed to ppoll.

import CLinux
import Glibc
import TapBroker
import TapCore

/// Speaks to the broker on a thread of its own, which may be blocked by it for as long as it likes: nobody waits for it.
final class BrokerSpeaker: Sendable {
    /// Until the broker takes the connection, and until it says that it has a message.
    static let patience = Nanoseconds.seconds(8)
    /// For what waits when this is to end.
    static let parting = Nanoseconds.seconds(2)
    /// Messages on their way at once.
    static let most = 16
    private static let keepAlive_s: UInt16 = 10

    private let options: BrokerOptions
    private let site: SendTopic.Site
    private let post: SendPost
    private let clock: any TapClock
    private let say: @Sendable (String) -> Void

    /// - Parameter say: takes a line each time something about the broker changes.
    init(
        _ options: BrokerOptions, _ site: SendTopic.Site, _ post: SendPost, _ clock: any TapClock,
        say: @escaping @Sendable (String) -> Void
    ) {
        (self.options, self.site, self.post, self.clock, self.say) = (options, site, post, clock, say)
    }

    /// Blocks until the post is ending.
    func run() {
        var backOff = BackOff()
        var said: String?
        while true {
            var isUp = false
            let why = connection {
                isUp = true
                said = nil
                backOff = BackOff()
                say("broker \(options.place): connected")
            }
            let isEnding = post.look { state in
                state.isConnected = false
                state.outbox.bringBack()
                return state.isEnding
            }
            if isEnding { return }
            if why != said {
                say(
                    "broker \(options.place): \(isUp ? "lost: " : "")\(why); it is tried again, at most "
                        + "\(BackOff.longest.count / 1_000_000_000) s apart")
                said = why
            }
            let until = clock.now() + backOff.next()
            while !post.look({ $0.isEnding }), clock.now() < until { post.news.wait(until - clock.now()) }
        }
    }

    /// One connection, until it ends.
    ///
    /// - Returns: why it ended.
    private func connection(taken: () -> Void) -> String {
        do throws(BrokerClient.Failure) {
            let client = try BrokerPublisher(options, will: (.status(of: site), "lost"))
            try client.connect(options.host, options.port, keepAlive_s: BrokerSpeaker.keepAlive_s)
            return converse(client, taken)
        } catch { return error.words }
    }

    private func converse(_ client: BrokerPublisher, _ taken: () -> Void) -> String {
        var talk = Talk(client, began: clock.now())
        do throws(BrokerClient.Failure) {
            while true {
                if let outcome = try turn(&talk, taken) { return outcome }
                wait(client, .seconds(1))
            }
        } catch {
            return client.refusal ?? error.words
        }
    }

    /// What is known of one connection.
    private struct Talk {
        let client: BrokerPublisher
        let began: Timestamp
        /// Places in the outbox, or nil for a status, by number.
        var flying: [Int32: (place: UInt64?, since: Timestamp)] = [:]
        var status: String?
        var isUp = false
        var parting: Timestamp?

        init(_ client: BrokerPublisher, began: Timestamp) { (self.client, self.began) = (client, began) }
    }

    /// - Returns: why the connection ends; nil: it goes on.
    private func turn(_ talk: inout Talk, _ taken: () -> Void) throws(BrokerClient.Failure) -> String? {
        for number in try talk.client.takeTurn() {
            guard let place = talk.flying.removeValue(forKey: number)?.place else { continue }
            post.look { $0.outbox.remove(place) }
        }
        let now = clock.now()
        guard talk.client.answer != nil else {
            if post.look({ $0.isEnding }) { return "ended" }
            return now - talk.began > BrokerSpeaker.patience
                ? "does not answer within \(BrokerSpeaker.patience.count / 1_000_000_000) s" : nil
        }
        if let refusal = talk.client.refusal { return refusal }
        if !talk.isUp {
            talk.isUp = true
            post.look { $0.isConnected = true }
            taken()
        }
        if talk.flying.values.contains(where: { now - $0.since > BrokerSpeaker.patience }) {
            return "takes no message within \(BrokerSpeaker.patience.count / 1_000_000_000) s"
        }
        try send(&talk, now)
        guard let parting = talk.parting else { return nil }
        let isDone = talk.flying.isEmpty && post.look { $0.outbox.count == 0 }
        guard isDone || now - parting > BrokerSpeaker.parting else { return nil }
        talk.client.disconnect()
        _ = try? talk.client.takeTurn()
        return "ended"
    }

    private func send(_ talk: inout Talk, _ now: Timestamp) throws(BrokerClient.Failure) {
        let (status, heartbeat, isEnding) = post.look { state in
            defer { state.heartbeat = nil }
            return (state.status, state.heartbeat, state.isEnding)
        }
        while talk.flying.count < BrokerSpeaker.most, let next = post.look({ $0.outbox.takeNext() }) {
            let number = try talk.client.publish(
                next.item.bytes, to: .incident(next.item.incident, of: site), isSure: true, isRetained: true)
            talk.flying[number] = (next.place, now)
        }
        if isEnding, talk.parting == nil { talk.parting = now }
        // The last word comes after what waits.
        let word = isEnding ? "stopped" : status
        if talk.status != word, !isEnding || post.look({ $0.outbox.count == 0 }) {
            let number = try talk.client.publish(
                Array(word.utf8), to: .status(of: site), isSure: true, isRetained: true)
            talk.flying[number] = (nil, now)
            talk.status = word
        }
        if let heartbeat, !isEnding {
            _ = try talk.client.publish(heartbeat, to: .heartbeat(of: site), isSure: false, isRetained: false)
        }
    }

    /// For something from the broker, something to send, or the limit.
    private func wait(_ client: BrokerPublisher, _ limit: Nanoseconds) {
        let descriptor = client.descriptor
        var polled = [
            pollfd(fd: post.news.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(
                fd: descriptor.number, events: Int16(POLLIN | (descriptor.writes ? POLLOUT : 0)), revents: 0),
        ]
        _ = unsafe tap_poll(&polled, 2, limit.count)
        post.news.clear()
    }
}
