/// What the kernel's clock discipline says of itself: adjtimex(2).
public struct KernelClock: Sendable, Hashable {
    /// STA_UNSYNC is clear and the kernel's state is not TIME_ERROR.
    public var isSynchronised: Bool
    public var maximumError: Nanoseconds

    public init(isSynchronised: Bool, maximumError: Nanoseconds) {
        self.isSynchronised = isSynchronised
        self.maximumError = maximumError
    }
}
