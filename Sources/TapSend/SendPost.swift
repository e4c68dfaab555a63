import Synchronization
import TapCore

/// What is to be published: between who learns of it and who speaks to the broker. Safe from any thread.
final class SendPost: Sendable {
    struct State: Sendable {
        var outbox = Outbox()
        /// The newest, if nobody has taken it; it is not kept for a broker that is away.
        var heartbeat: [UInt8]?
        /// Retained; with the last will it says whether there is something that sends.
        var status = ""
        var isConnected = false
        var isEnding = false
    }

    private let state = Mutex(State())
    /// Readable where there may be something new.
    let news = WakePipe()

    func look<Result: Sendable>(_ body: (inout sending State) -> sending Result) -> sending Result {
        state.withLock(body)
    }

    /// Wakes who speaks to the broker.
    func change(_ body: (inout sending State) -> Void) {
        state.withLock { body(&$0) }
        news.wake()
    }
}
