import TapCore

/// What happened at one time, for formats that are tables: the level of each line, and the scans that were taken.
struct CaptureRow {
    /// On the session's axis: mapped to monotonic time, or the file's.
    var time = Timestamp.zero
    /// 0, 1, or 2: not known.
    var levels: [UInt8]
    /// By place of the device: its raw scan; empty: none at this time.
    var scans: [[UInt8]]
    /// Whether any of them is not empty.
    var hasScans = false
    /// By tag: what was claimed at this time; nil: nothing.
    var claims: [Claim.Value?]
    /// Whether any of them is not nil.
    var hasClaims = false

    static let unknown: UInt8 = 2
}
