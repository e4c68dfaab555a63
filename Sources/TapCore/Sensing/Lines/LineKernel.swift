/// What a `LineListener` listens through: the chips of a kernel, or a model of them.
///
/// Used on one thread at a time; nothing here drives a line.
public protocol LineKernel: AnyObject, Sendable {
    /// Events carry the kernel's number of them (`line_seqno`).
    var isNumbered: Bool { get }
    /// As "libgpiod 2.1.3".
    var name: String { get }

    /// Gets ready to wait for lines; forgets all that were added.
    func open() throws(TapError)
    func close()

    /// The one chip of that label. Requests nothing.
    func openChip(_ label: String) throws(TapError) -> any LineChip

    /// From now on `poll` reports `line`, by its token.
    func add(_ line: any RequestedLine, token: Int) throws(TapError)
    func remove(_ line: any RequestedLine)

    /// Finds the lines that have events or are gone. Does not block.
    ///
    /// - Returns: how many of `ready` there are; at `mostReady` there may be more.
    func poll() -> Int
    var mostReady: Int { get }
    func ready(_ index: Int) -> ReadyLine

    /// When `poll` may have something to report, but `tick` at the latest.
    func wake(tick: Timestamp) -> Wake
}
