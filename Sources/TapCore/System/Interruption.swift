import Synchronization

/// The request to end that this process has had: Ctrl-C, SIGTERM or SIGHUP. Safe from any thread and in a signal handler.
///
/// What blocks on a pipe or terminal asks for it, so that one that nobody reads from or writes to does not keep the
/// process.
public enum Interruption {
    private static let number = Atomic<Int32>(0)
    private static let requests = Atomic<Int>(0)

    /// The number of the first signal; nil: none came.
    public static var signal: Int32? {
        let signal = number.load(ordering: .relaxed)
        return signal == 0 ? nil : signal
    }

    /// How many signals came.
    public static var count: Int { requests.load(ordering: .relaxed) }

    /// - Parameter signal: the first one stays.
    public static func raise(_ signal: Int32) {
        requests.add(1, ordering: .relaxed)
        _ = number.compareExchange(expected: 0, desired: signal, ordering: .relaxed)
    }
}
