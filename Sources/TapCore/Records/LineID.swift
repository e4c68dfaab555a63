/// A digital line of the session: its index in the session's table of lines.
@frozen
public struct LineID: BitwiseCopyable, Sendable, Hashable, Comparable {
    public var index: UInt16
    @inlinable public init(_ index: UInt16) { self.index = index }
    @inlinable public static func < (left: Self, right: Self) -> Bool { left.index < right.index }
}
