public import TapCore

/// What was driven. Filled on the driving thread, read once that has ended.
///
/// Holds at most `capacity` records, reserved at birth; later changes are only counted.
public final class DriveLog: @unchecked Sendable {
    public private(set) var records: [DriveRecord] = []
    public let capacity: Int
    public private(set) var changes: UInt64 = 0
    /// From when a change was due to when its write began, nanoseconds.
    public private(set) var lateness = Histogram()
    /// How long a write took, nanoseconds.
    public private(set) var writes = Histogram()

    public init(capacity: Int) {
        self.capacity = capacity
        records.reserveCapacity(capacity)
    }

    /// Changes of which nothing but their number is known.
    public var unrecorded: UInt64 { changes - UInt64(records.count) }

    func add(_ record: DriveRecord) {
        changes += 1
        lateness.add(UInt64(max(0, (record.before - record.due).count)))
        writes.add(UInt64(max(0, (record.after - record.before).count)))
        if records.count < capacity { records.append(record) }
    }
}
