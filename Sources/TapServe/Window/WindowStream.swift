import NIOCore
import NIOHTTP1
import Synchronization
import TapCore

/// One viewer's stream of states. Never is more on its way than one state: a viewer that is slow misses those in between.
final class WindowStream: Sendable {
    private let channel: any Channel
    private let patience: TimeAmount
    private let state = Mutex(State())

    private struct State: Sendable {
        var isBusy = false
        /// nil: none was sent.
        var sequence: UInt64?
        /// Since when what was sent is not taken.
        var since = NIODeadline.uptimeNanoseconds(0)
    }

    init(_ channel: any Channel, patience: TimeAmount) {
        self.channel = channel
        self.patience = patience
    }

    /// On the event loop.
    ///
    /// - Parameters:
    ///   - isBeat: a sign of life is due, and the state though only ages changed.
    ///   - isLast: nothing follows.
    /// - Returns: false: it takes nothing now.
    func send(_ newest: WindowContent.State, at now: NIODeadline, isBeat: Bool, isLast: Bool = false) -> Bool {
        let (isFree, isNew, isOver) = state.withLock { state in
            let isFree = !state.isBusy
            let isNew = state.sequence != newest.sequence
            if isFree, isNew || isBeat {
                state.isBusy = true
                state.since = now
                state.sequence = newest.sequence
            }
            return (isFree, isNew, now - state.since > patience)
        }
        guard isFree else {
            if isOver { channel.close(promise: nil) }
            return false
        }
        guard isNew || isBeat else { return true }
        var text = "id: \(newest.sequence)\nevent: state\ndata: \(newest.served)\n\n"
        if isBeat {
            text +=
                ": beat\nevent: beat\ndata: {\"sequence\":\"\(newest.sequence)\",\"now_ns\":\"\(newest.now_ns)\",\"held_ms\":\(newest.held_ms)}\n\n"
        }
        let part = HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: text)))
        channel.writeAndFlush(part).whenComplete { [self] _ in state.withLock { $0.isBusy = false } }
        if isLast { channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil) }
        return true
    }
}
