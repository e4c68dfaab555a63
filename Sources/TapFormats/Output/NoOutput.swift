public import TapCore

/// Takes bytes and keeps none, for a writer that is run for what it finds out.
public final class NoOutput: ByteOutput {
    public let name = "nothing"
    public var position: UInt64? { nil }
    public init() {}
    public func write(_ bytes: RawSpan) throws(OutputFailure) {}
    public func cut(to position: UInt64) {}
    public func sync() throws(TapError) {}
}
