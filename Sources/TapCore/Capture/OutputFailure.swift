/// Bytes could not be written.
public struct OutputFailure: Error {
    /// How many of them were.
    public var written: Int
    public var error: TapError

    public init(written: Int, _ error: TapError) {
        self.written = written
        self.error = error
    }
}
