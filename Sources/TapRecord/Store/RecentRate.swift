import TapCore

/// How fast a store grows: bytes of chunks over recorded time, of the last one to two hours of it.
struct RecentRate: Sendable {
    private static let window = Nanoseconds.seconds(3_600)

    private var bytes: UInt64 = 0
    private var recorded = Nanoseconds.zero
    private var newer = (bytes: UInt64(0), recorded: Nanoseconds.zero)
    private var older = (bytes: UInt64(0), recorded: Nanoseconds.zero)

    /// - Parameter recorded: of the store, once it holds the chunk.
    mutating func take(_ length: UInt64, recorded: Nanoseconds) {
        bytes = bytes.addingReportingOverflow(length).partialValue
        self.recorded = recorded
        guard recorded - newer.recorded >= RecentRate.window else { return }
        (older, newer) = (newer, (bytes, recorded))
    }

    /// nil: nothing is recorded.
    var bytesPerSecond: Double? {
        let length = (recorded - older.recorded).count
        guard length > 0, bytes > older.bytes else { return nil }
        return Double(bytes - older.bytes) * 1e9 / Double(length)
    }
}
