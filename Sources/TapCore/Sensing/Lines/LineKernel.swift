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

/// An open chip.
public protocol LineChip: AnyObject, Sendable {
    var provenance: Provenance { get }
    /// As "gpiochip0", its label, and as "/dev/gpiochip0".
    var name: String { get }
    var label: String { get }
    var path: String { get }
    /// How many it has.
    var lines: Int { get }

    /// Requests a line as an input with edge detection, with a queue of its own, as `line.options` says. Fills in what
    /// its queue holds.
    ///
    /// - Parameter line: its offset is one of the chip's.
    func request(_ line: inout LineInfo) throws(LineRefusal) -> any RequestedLine
}

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

/// The kernel answers for a line with an error: its chip is gone, or must be treated as gone.
public struct LineGone: Error {
    public init() {}
}
