/// Ends a blocking read from another thread.
public struct Stopper: Sendable {
    /// May be called from any thread, more than once, also after the source has ended.
    public var stop: @Sendable () -> Void
    /// `step` returns at the latest this long after `stop` was called.
    public var longestBlock: Nanoseconds

    public init(longestBlock: Nanoseconds, stop: @escaping @Sendable () -> Void) {
        self.longestBlock = longestBlock
        self.stop = stop
    }
}
