import TapCore

/// What one line of a file claims.
struct ClaimRow: Sendable {
    /// Why a line, or a part of it, cannot be used, in words that follow its place.
    struct Problem: Error, Sendable, Hashable {
        var what: String
        var remedy: String
        /// The tag that it speaks of; nil: perhaps all.
        var tag: Int?
    }

    struct Said: Sendable, Hashable {
        var tag: Int
        var value: Claim.Value
        var quality: Claim.Quality
    }

    /// nil: it says none.
    var time: ClaimClock.Time?
    /// By the clocks of whoever says it, in nanoseconds since 1970; nil: not said.
    var sourceTime_ns: UInt64?
    var serverTime_ns: UInt64?
    /// CLOCK_MONOTONIC of this machine when it was heard; nil: not said.
    var monotonic_ns: UInt64?
    var said: [Said] = []

    mutating func removeAll() {
        time = nil
        (sourceTime_ns, serverTime_ns, monotonic_ns) = (nil, nil, nil)
        said.removeAll(keepingCapacity: true)
    }

    /// Takes a value as it is written, and `quality` as whoever wrote it says; what the tag cannot be is bad.
    mutating func say(_ written: Claim.Value, _ quality: Claim.Quality, of number: Int, _ tag: ClaimTag) {
        let (value, isFitting) = tag.claim(of: written)
        said.append(Said(tag: number, value: value, quality: isFitting ? quality : .bad))
    }
}
