/// How a line is to be listened to.
public struct LineOptions: Sendable, Hashable {
    public enum Bias: String, Sendable, Hashable, CaseIterable {
        case asIs = "as-is"
        case disabled
        case pullUp = "pull-up"
        case pullDown = "pull-down"
    }
    public enum Edges: String, Sendable, Hashable, CaseIterable {
        case both, rising, falling
    }

    /// As is unless asked: a bias injects a current into the wire.
    public var bias: Bias
    public var isActiveLow: Bool
    public var edges: Edges
    /// The kernel's debounce, off at zero: an evidence recorder captures raw and filters afterwards.
    public var debounce: Nanoseconds

    public init(
        bias: Bias = .asIs, isActiveLow: Bool = false, edges: Edges = .both, debounce: Nanoseconds = .zero
    ) {
        self.bias = bias
        self.isActiveLow = isActiveLow
        self.edges = edges
        self.debounce = debounce
    }
}
