public import TapCore
public import TapDriver

/// How a session is run.
public struct SessionOptions: Sendable {
    /// Of this program, for the header.
    public var version: String
    /// How lines of a board are captured; of a scenario's machine, what of it is not libgpiod's.
    public var gpiod = GpiodOptions()
    /// Cells of 16 bytes in each source's ring: a power of two from 1,024 on.
    public var ringCapacity = Ring.usualCapacity
    /// What the sources' threads ask of the scheduler.
    public var realTime = RealTimeOptions()
    /// Merged consumers get nothing that comes earlier, since the start, but the levels that lines have then.
    public var from = Nanoseconds.zero
    /// It ends after this time, since the start; nil: sources end by themselves or are stopped.
    public var duration: Nanoseconds?
    /// It ends after this many edges and scans together; nil: however many there are.
    public var count: UInt64?
    /// Of wires that are not there; nil: real time.
    public var speed: Speed?
    /// What was measured of the board; nil: nothing.
    public var profile: Profile?

    /// For the header, behind those of the board.
    public var notes: [String] = []

    public init(version: String) { self.version = version }
}
