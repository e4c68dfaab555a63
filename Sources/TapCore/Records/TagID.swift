/// A tag of the session, of which claims speak: its index in the session's table of tags.
@frozen
public struct TagID: BitwiseCopyable, Sendable, Hashable, Comparable {
    public var index: UInt16
    @inlinable public init(_ index: UInt16) { self.index = index }
    @inlinable public static func < (left: Self, right: Self) -> Bool { left.index < right.index }
}
