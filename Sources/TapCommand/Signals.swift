import Glibc

/// Ctrl-C and SIGTERM end a session once; a second one ends the program.
public enum Signals {
    // Set before the handler is installed and never again: the handler only reads it.
    private nonisolated(unsafe) static var stop: (@Sendable () -> Void)?

    /// - Parameter stop: must be safe in a signal handler: it may write to a pipe, not allocate.
    public static func onInterrupt(_ stop: @escaping @Sendable () -> Void) {
        unsafe self.stop = stop
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_handler = { _ in unsafe Signals.stop?() }
        action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
        unsafe sigaction(SIGINT, &action, nil)
        unsafe sigaction(SIGTERM, &action, nil)
    }

    /// From now on SIGINT and SIGTERM wait until `waitForInterrupt` is called. Before any other thread is made.
    public static func holdInterrupts() {
        var set = interrupts
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Blocks until Ctrl-C or SIGTERM.
    public static func waitForInterrupt() {
        var set = interrupts
        var number: Int32 = 0
        while unsafe sigwait(&set, &number) != 0 {}
    }

    private static var interrupts: sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        unsafe sigaddset(&set, SIGINT)
        unsafe sigaddset(&set, SIGTERM)
        return set
    }
}
