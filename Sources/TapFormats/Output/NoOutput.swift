import TapCore

/// Takes bytes and keeps none, for a writer that is run for what it finds out.
final class NoOutput: ByteOutput {
    let name = "nothing"
    var position: UInt64? { nil }
    func write(_ bytes: RawSpan) throws(OutputFailure) {}
    func cut(to position: UInt64) {}
    func sync() throws(TapError) {}
}
