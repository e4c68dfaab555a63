/// The kernel answers for a line with an error: its chip is gone, or must be treated as gone.
public struct LineGone: Error {
    public init() {}
}
