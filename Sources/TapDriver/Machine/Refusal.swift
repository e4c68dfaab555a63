import CLinux

/// A system call that did not do what was asked.
public struct Refusal: Error, Sendable, Hashable, CustomStringConvertible {
    public var errno: Int32

    public init(errno: Int32) { self.errno = errno }

    /// As "EPERM".
    public var description: String {
        let name = unsafe String(cString: tap_errno_name(errno))
        return name == "errno" ? "errno \(errno)" : name
    }

    package static let notPermitted = Refusal(errno: 1)
    package static let notFound = Refusal(errno: 2)
    package static let denied = Refusal(errno: 13)
    package static let noDevice = Refusal(errno: 19)
    package static let invalid = Refusal(errno: 22)

    /// - Parameter status: 0 or above, or a negative errno.
    @discardableResult
    package static func check(_ status: Int32) throws(Refusal) -> Int {
        guard status >= 0 else { throw Refusal(errno: -status) }
        return Int(status)
    }
}
