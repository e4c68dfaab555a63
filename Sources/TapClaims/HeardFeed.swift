import Synchronization
public import TapCore

/// The lines that a source of claims listens to, once the session has them: given on the thread that opens the session,
/// taken on the source's own.
public final class HeardFeed: Sendable {
    private struct State: ~Copyable {
        var source: SourceInfo?
        var reader: RawReader?
    }

    /// By their names: one, or one for each direction.
    public let lines: [String]
    private let state = Mutex(State())

    public init(lines: [String]) { self.lines = lines }

    /// Whether it is this source that has the lines.
    public func isOf(_ source: SourceInfo) -> Bool {
        lines.allSatisfy { name in source.lines.contains { $0.name == name } }
    }

    /// The source that has the lines is open.
    public func open(_ source: SourceInfo) { state.withLock { $0.source = source } }

    /// Its records.
    public func give(_ feed: RecordFeed) {
        var reader = Optional.some(RawReader(feed))
        state.withLock { $0.reader = reader.take() }
    }

    /// nil: no source has the lines.
    var source: SourceInfo? { state.withLock { $0.source } }

    func takeReader() -> RawReader? { state.withLock { $0.reader.take() } }
}
