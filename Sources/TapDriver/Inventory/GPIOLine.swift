import CGpiod
import TapCore

/// A line as the kernel has it now.
public struct GPIOLine: Sendable, Hashable {
    public enum Direction: String, Sendable, Hashable {
        case input, output
        /// The kernel did not report this line.
        case unknown
    }

    /// The kernel's name for it; empty for none.
    public var name: String
    public var direction: Direction
    /// Requested by a program or used by the kernel: nobody else can have it.
    public var isUsed: Bool
    /// Who uses it, as that one said; empty if it did not.
    public var user: String
    public var isActiveLow: Bool

    public init(
        name: String = "", direction: Direction = .input, isUsed: Bool = false, user: String = "",
        isActiveLow: Bool = false
    ) {
        self.name = name
        self.direction = direction
        self.isUsed = isUsed
        self.user = user
        self.isActiveLow = isActiveLow
    }
}
