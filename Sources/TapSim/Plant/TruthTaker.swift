/// Takes the truth about a run, in order of time, on the thread of the source.
public struct TruthTaker: Sendable {
    let take: @Sendable (Truth) -> Void

    public init(_ take: @escaping @Sendable (Truth) -> Void) { self.take = take }
}
