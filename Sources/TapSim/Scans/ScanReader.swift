public import TapCore

/// Scans of one device, in order. Used on one thread at a time; never blocks.
public protocol ScanReader {
    /// When the next scan is taken; nil: none follows.
    var next: Timestamp? { get }

    /// Appends the scans that are taken until `end`, itself included, but no more than `count`.
    mutating func read(_ count: Int, until end: Timestamp, into scans: inout Scans)

    /// Passes over the scans that are taken until `end`, itself included. Costs what reading them does.
    mutating func skip(until end: Timestamp)
}
