/// What `LineKernel.poll` says of a line.
public struct ReadyLine: Sendable, Hashable {
    public var token: Int
    public var hasEvents: Bool
    public var isGone: Bool

    public init(token: Int, hasEvents: Bool, isGone: Bool) {
        self.token = token
        self.hasEvents = hasEvents
        self.isGone = isGone
    }
}
