import CLinux
import Glibc

/// An error number of the system (errno(3)).
public struct Errno: Error, Sendable, Hashable, CustomStringConvertible {
    public let code: Int32

    public init(_ code: Int32) { self.code = code }

    /// Of the C call that has just failed; anything else that is called meanwhile may change it.
    package static var last: Errno { Errno(errno) }

    /// - Parameter status: what a C call returned: 0 or above, or a negative error number.
    @discardableResult
    package static func check(_ status: Int32) throws(Errno) -> Int {
        guard status >= 0 else { throw Errno(-status) }
        return Int(status)
    }

    /// As "EPERM"; "errno 4711" for a number that has no name.
    public var name: String {
        guard let name = unsafe tap_errno_name(code) else { return "errno \(code)" }
        return unsafe String(cString: name)
    }

    /// The name.
    public var description: String { name }

    /// The system's words, as "Operation not permitted"; the name of a number that has none.
    public var words: String {
        guard let words = unsafe tap_errno_words(code) else { return name }
        return unsafe String(cString: words)
    }
}

extension Errno {
    public static let notPermitted = Errno(EPERM)
    public static let notFound = Errno(ENOENT)
    public static let interrupted = Errno(EINTR)
    public static let inputOutput = Errno(EIO)
    public static let noAddress = Errno(ENXIO)
    public static let wouldBlock = Errno(EAGAIN)
    public static let denied = Errno(EACCES)
    public static let busy = Errno(EBUSY)
    public static let exists = Errno(EEXIST)
    public static let noDevice = Errno(ENODEV)
    public static let notDirectory = Errno(ENOTDIR)
    public static let isDirectory = Errno(EISDIR)
    public static let invalid = Errno(EINVAL)
    public static let tooManyOpen = Errno(EMFILE)
    public static let tooManyOpenInSystem = Errno(ENFILE)
    public static let noSpace = Errno(ENOSPC)
    public static let quotaExceeded = Errno(EDQUOT)
    public static let readOnly = Errno(EROFS)
    public static let brokenPipe = Errno(EPIPE)
    public static let nameTooLong = Errno(ENAMETOOLONG)
    public static let protocolError = Errno(EPROTO)
    public static let connectionReset = Errno(ECONNRESET)
    public static let notImplemented = Errno(ENOSYS)
    public static let symbolicLinkLoop = Errno(ELOOP)
    public static let notSupported = Errno(EOPNOTSUPP)
    public static let timedOut = Errno(ETIMEDOUT)

    /// Whether the user may not: EACCES or EPERM.
    public var isPermission: Bool { self == .denied || self == .notPermitted }
}
