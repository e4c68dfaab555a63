public import TapCore

/// Raw scans, one after the other, and the time of each.
public struct Scans: Sendable {
    public var raw: [UInt8] = []
    public var times: [Timestamp] = []

    public init() {}

    public mutating func removeAll() {
        raw.removeAll(keepingCapacity: true)
        times.removeAll(keepingCapacity: true)
    }
}
