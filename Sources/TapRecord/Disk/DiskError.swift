public import TapCore

/// A call to a `Disk` failed.
public struct DiskError: Error, Sendable, Hashable {
    /// What was done, as "write".
    public var call: String
    public var path: String
    public var errno: Errno

    public init(_ call: String, _ path: String, _ errno: Errno) {
        self.call = call
        self.path = path
        self.errno = errno
    }
}
