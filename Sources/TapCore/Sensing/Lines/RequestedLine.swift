/// One requested line; let go when its last reference is.
public protocol RequestedLine: AnyObject, Sendable {
    /// Reads the events that wait, from the first of `events` on. Does not block.
    ///
    /// - Returns: how many, at most `LineEvent.batch`; 0 if none waits.
    func read(into events: inout MutableSpan<LineEvent>) throws(LineGone) -> Int

    /// The logical level now.
    func level() throws(LineGone) -> Bool

    /// Stops or resumes edge detection; queued events stay.
    ///
    /// - Returns: false where that cannot be: let the line go and request it again instead.
    func listen(_ isListening: Bool) throws(LineGone) -> Bool
}
