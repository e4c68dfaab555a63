import Glibc

/// Ctrl-C and SIGTERM end a session once; a second one ends the program.
enum Signals {
    // Set before the handler is installed and never again: the handler only reads it.
    private nonisolated(unsafe) static var stop: (@Sendable () -> Void)?

    /// - Parameter stop: must be safe in a signal handler: it may write to a pipe, not allocate.
    static func onInterrupt(_ stop: @escaping @Sendable () -> Void) {
        unsafe self.stop = stop
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_handler = { _ in unsafe Signals.stop?() }
        action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
        unsafe sigaction(SIGINT, &action, nil)
        unsafe sigaction(SIGTERM, &action, nil)
    }
}
