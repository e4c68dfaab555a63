public import TapConfig

/// Takes the labels of a run, in the order in which they begin, on the thread of the source.
public struct LabelTaker: Sendable {
    let take: @Sendable (Label) -> Void

    public init(_ take: @escaping @Sendable (Label) -> Void) { self.take = take }
}
