/// Takes what a plant gives beside its signals, in order of time, on the thread of the source.
public struct NoteTaker: Sendable {
    let take: @Sendable (PlantNote) -> Void

    public init(_ take: @escaping @Sendable (PlantNote) -> Void) { self.take = take }
}
