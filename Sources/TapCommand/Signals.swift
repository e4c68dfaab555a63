import Glibc
import TapCore

/// Ctrl-C, SIGTERM and SIGHUP end a command once; a second one ends the program. nohup's SIGHUP stays ignored.
public enum Signals {
    // Written with the signals held back, or before there is another thread: the handler only reads it.
    private nonisolated(unsafe) static var stop: (@Sendable () -> Void)?

    /// May be called again, for another action. An earlier request to end is not forgotten: `stop` is called at once.
    ///
    /// - Parameter stop: must be safe in a signal handler: it may write to a pipe, not allocate.
    public static func onInterrupt(_ stop: @escaping @Sendable () -> Void = {}) {
        var set = interrupts
        var before = sigset_t()
        unsafe pthread_sigmask(SIG_BLOCK, &set, &before)
        // Initialised here, not in the handler.
        let earlier = Interruption.signal
        unsafe self.stop = stop
        install(Int(SA_RESETHAND))
        unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
        if earlier != nil { stop() }
    }

    /// From now on a request does what the first one did and never ends the program: whoever calls this asks for
    /// `Interruption.count`. From any thread.
    public static func keep() { install(0) }

    private static func install(_ more: Int) {
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_handler = { number in
            Interruption.raise(number)
            unsafe Signals.stop?()
        }
        action.sa_flags = Int32(truncatingIfNeeded: more) | SA_RESTART
        for number in [SIGINT, SIGTERM, SIGHUP] where number != SIGHUP || !isIgnored(number) {
            unsafe sigaction(number, &action, nil)
        }
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var old = sigaction()
        unsafe sigaction(number, nil, &old)
        return unsafe unsafeBitCast(old.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// From now on SIGINT, SIGTERM and SIGHUP wait until `waitForInterrupt` is called. Before any other thread is made.
    public static func holdInterrupts() {
        var set = interrupts
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Blocks until Ctrl-C, SIGTERM or SIGHUP.
    public static func waitForInterrupt() {
        var set = interrupts
        var number: Int32 = 0
        while unsafe sigwait(&set, &number) != 0 {}
    }

    /// From now on SIGHUP ends nothing and waits until `waitForHangup` is called. Before any other thread is made.
    public static func holdHangups() {
        var set = hangups
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Blocks until SIGHUP comes, or has come since the last time.
    public static func waitForHangup() {
        var set = hangups
        var number: Int32 = 0
        while unsafe sigwait(&set, &number) != 0 {}
    }

    private static var hangups: sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        unsafe sigaddset(&set, SIGHUP)
        return set
    }

    private static var interrupts: sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for number in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&set, number) }
        return set
    }
}
