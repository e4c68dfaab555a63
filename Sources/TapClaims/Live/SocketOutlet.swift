import TapCore
import TapFormats

/// A Unix socket on which a session listens, seen from whoever writes claims into it.
struct SocketOutlet: Sendable {
    let path: String
    /// Of the sources it speaks for.
    var names: [String] = []
    var tags: [TagInfo] = []
    /// Made beforehand: later none can be made.
    private var spare: [UnixSocket] = []
    private var socket: UnixSocket?
    private var tried: Timestamp?
    private var waiting: [UInt8] = []
    /// Of `waiting`, how many are sent.
    private var sent = 0
    /// Since when claims had no room, until when.
    private var lost: (from: Timestamp, to: Timestamp)?
    private var dropped: UInt64 = 0
    private let boot = SocketSource.boot

    /// Sessions that it can speak to, one after the other.
    private static let sessions = 64
    private static let pause = Nanoseconds.milliseconds(500)
    /// Bytes that may wait for a session that reads slowly.
    private static let most = 4 << 20

    /// - Throws: no more descriptors, or a path that is none of a socket.
    init(_ path: String) throws(TapError) {
        self.path = path
        guard path.utf8.count <= UnixSocket.longestPath else {
            throw TapError(
                .configuration, printable(path), "is no path of a Unix socket",
                remedy: "give it at most \(UnixSocket.longestPath) bytes")
        }
        do throws(Errno) {
            for _ in 0..<SocketOutlet.sessions { spare.append(try .make()) }
        } catch {
            throw TapError(
                .unsupported, printable(path), "needs \(SocketOutlet.sessions) open files: \(error.words)",
                remedy: "raise the limit of open files (ulimit -n)")
        }
    }

    /// Why nothing can be said here any more.
    var failure: TapError? {
        guard socket == nil, spare.isEmpty else { return nil }
        return TapError(
            .device, printable(path), "\(SocketOutlet.sessions) sessions have come and gone",
            remedy: "start this process again, as a service manager does")
    }

    /// Looks whether a session listens now. - Returns: what is to be said of it.
    mutating func connect(at now: Timestamp) -> String? {
        guard socket == nil, let next = spare.last, tried.map({ now - $0 > SocketOutlet.pause }) ?? true else {
            return nil
        }
        let isFirst = tried == nil
        tried = now
        do throws(Errno) { try next.connect(to: path) } catch {
            return isFirst ? "\(printable(path)): no session listens there yet (\(error.words)); waits for one" : nil
        }
        spare.removeLast()
        socket = next
        lost = nil
        (waiting, sent) = (Array((SocketLine.hello(sources: names, boot: boot) + "\n").utf8), 0)
        return "\(printable(path)): a session listens, and is given what is said"
    }

    /// - Parameter time: of what the line says, by CLOCK_MONOTONIC.
    mutating func append(_ line: String, at time: Timestamp) {
        guard hasRoom(at: time) else { return }
        waiting += line.utf8
        waiting.append(UInt8(ascii: "\n"))
    }

    /// - Parameters:
    ///   - line: of its tag.
    ///   - time: of the claim, by CLOCK_MONOTONIC.
    mutating func append(_ claim: Claim, _ line: SocketClaimLine, at time: Timestamp) {
        guard hasRoom(at: time) else { return }
        line.append(claim, at: time, to: &waiting)
    }

    /// Where there is none, a line of that time is lost.
    private mutating func hasRoom(at time: Timestamp) -> Bool {
        guard socket != nil else { return false }
        guard waiting.count - sent < SocketOutlet.most, lost == nil else {
            lost = (min(lost?.from ?? time, time), max(lost?.to ?? time, time))
            dropped += 1
            return false
        }
        return true
    }

    mutating func reach(_ time: Timestamp, uncertainty: Nanoseconds) {
        guard socket != nil, lost == nil else { return }
        append(SocketLine.reached(time, uncertainty: uncertainty), at: time)
    }

    /// Sends as much as the session takes now. - Returns: what is to be said of it.
    mutating func send() -> String? {
        guard let socket else { return nil }
        do throws(Errno) {
            while sent < waiting.count {
                let count = try socket.send(waiting[sent...])
                sent += count
                if count == 0 { break }
            }
        } catch {
            socket.close()
            self.socket = nil
            (waiting, sent) = ([], 0)
            return "\(printable(path)): the session has ended; waits for the next"
        }
        if sent == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            sent = 0
        } else if sent > SocketOutlet.most {
            waiting.removeFirst(sent)
            sent = 0
        }
        guard let loss = lost, waiting.count - sent < SocketOutlet.most / 2 else { return nil }
        lost = nil
        for tag in tags { append(SocketLine.lost(tag, from: loss.from, to: loss.to), at: loss.to) }
        defer { dropped = 0 }
        return "\(printable(path)): the session read too slowly, and \(dropped) lines were lost"
    }
}
