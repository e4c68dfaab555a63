public import TapCore

/// What people say to a session, as notes among its records: so a recorder keeps it, and a watch finds the same in replay.
///
/// A note has the time at which the session took it, 50 ms after it came at the latest. Never blocks. Not thread-safe.
public struct ControlSource: ~Copyable, TapSource {
    public let info: SourceInfo
    /// Since its start, when nobody is heard any more; nil: it goes on until it is stopped.
    private let length: Nanoseconds?
    private var end = Timestamp.distantFuture
    private let inbox: ControlInbox
    /// What found no room in the ring.
    private var waiting: [ControlInbox.Item] = []

    private static let pause = Nanoseconds.milliseconds(50)

    /// - Parameter length: for how long, where the session ends with its sources.
    public init(_ inbox: ControlInbox, for length: Nanoseconds? = nil) {
        self.inbox = inbox
        self.length = length
        info = SourceInfo(
            name: "people", provenance: .hardware, clock: ClockDomain(.monotonic), capabilities: [],
            longestSilence: .seconds(1))
    }

    public mutating func start(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        try inbox.arrived.check()
        if let length { end = now + length }
        writer.watermark(at: now)
        return wake(after: now)
    }

    public mutating func step(at now: Timestamp, into writer: inout RecordWriter) -> Wake {
        take(at: now, into: &writer)
        guard now < end else { return .ended }
        writer.watermark(at: now)
        return wake(after: now)
    }

    public mutating func stop(at now: Timestamp, into writer: inout RecordWriter) {
        take(at: now, into: &writer)
        writer.publish()
    }

    private mutating func take(at now: Timestamp, into writer: inout RecordWriter) {
        waiting += inbox.take()
        while let item = waiting.first, writer.event(.note(Note(time: now, author: item.author, text: item.text))) {
            waiting.removeFirst()
        }
    }

    private func wake(after now: Timestamp) -> Wake {
        .readable(inbox.arrived.descriptor, orAt: min(now + ControlSource.pause, end))
    }
}
