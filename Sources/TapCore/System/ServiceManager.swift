import CLinux
import Glibc

/// The service manager that started this process, where one did and wants to hear of its state: the protocol of
/// sd_notify(3), a datagram to the socket that NOTIFY_SOCKET names. Safe from any thread; never blocks.
public struct ServiceManager: Sendable {
    /// Within which it must hear from this process, or it restarts it; nil: it does not watch.
    public let watchdog: Nanoseconds?
    private let socket: String

    /// - Returns: nil where no service manager waits for notes: a program that was started by hand.
    public init?() {
        guard let socket = Self.variable("NOTIFY_SOCKET"), socket.hasPrefix("/") || socket.hasPrefix("@") else {
            return nil
        }
        self.socket = socket
        let isMeant = Self.variable("WATCHDOG_PID").map { Int32($0) == getpid() } ?? true
        watchdog = Self.variable("WATCHDOG_USEC").flatMap { isMeant ? UInt32($0) : nil }
            .map { .microseconds(Int64($0)) }
    }

    /// What it is and does, in words for `systemctl status`.
    public func status(_ words: String) { send("STATUS=" + printable(words)) }
    /// It does what it was started for.
    public func ready() { send("READY=1") }
    /// It reads its configuration anew; `ready` ends that.
    public func reloading() { send("RELOADING=1\nMONOTONIC_USEC=\(tap_monotonic_ns() / 1_000)") }
    public func stopping() { send("STOPPING=1") }
    /// It is alive.
    public func pulse() { send("WATCHDOG=1") }

    /// A note that does not arrive cannot be helped: the manager then does what it does with a silent service.
    private func send(_ note: String) {
        let bytes = Array(note.utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe tap_datagram(socket, $0.baseAddress, $0.count) }
    }

    private static func variable(_ name: String) -> String? {
        guard let text = unsafe getenv(name) else { return nil }
        return unsafe String(cString: text)
    }
}
