/// Where bytes go: a file, a pipe, memory, a simulated disk.
///
/// What writes records gathers them in a buffer and comes here only when much has gathered, so a call may cost what a
/// system call costs. On one thread at a time.
public protocol ByteOutput: AnyObject {
    /// For messages.
    var name: String { get }
    /// Where the next byte goes; nil: nothing that was written can be taken back, as in a pipe or terminal.
    var position: UInt64? { get }
    /// Writes all of it, for as long as it takes.
    func write(_ bytes: RawSpan) throws(OutputFailure)
    /// Takes back what was written from this position on; nothing where there is none. After a failure, so that what
    /// is there ends with a whole record.
    func cut(to position: UInt64)
    /// Returns once what was written is on its medium; at once where there is none. May block for seconds.
    func sync() throws(TapError)
}

extension ByteOutput {
    /// Writes a whole text.
    public func write(_ text: String) throws(TapError) {
        let bytes = Array(text.utf8)
        // The array lives until the call returns.
        do throws(OutputFailure) { try unsafe write(bytes.span.bytes) } catch {
            var error = error.error
            if error.kind == .output { error.remedy = "the file is incomplete" }
            throw error
        }
    }
}
