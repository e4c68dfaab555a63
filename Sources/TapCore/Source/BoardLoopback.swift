/// A wire from an output line to an input line, both by their names on the board.
public struct BoardLoopback: Sendable, Hashable {
    public var output: String
    public var input: String

    public init(output: String, input: String) {
        self.output = output
        self.input = input
    }
}
