/// What reading a Value Change Dump finds that is worth a word.
struct VCDRemarks: Sendable {
    private var rounded: UInt64 = 0
    private var merged: UInt64 = 0

    /// - Parameters:
    ///   - isExact: a time is a whole number of nanoseconds.
    ///   - isMerged: it is a later time, but not in whole nanoseconds.
    @inline(__always)
    mutating func take(isExact: Bool, isMerged: Bool) {
        if !isExact { rounded += 1 }
        if isMerged { merged += 1 }
    }

    func remarks(_ unit: VCDTimescale) -> [String] {
        guard rounded > 0 else { return [] }
        let together = merged == 0 ? "" : ", and \(merged) fell together with the one before"
        return ["times are in units of \(unit.text): \(rounded) of them rounded to the nearest nanosecond\(together)"]
    }

    /// - Parameter names: with why.
    static func skipped(_ names: [String]) -> [String] {
        guard !names.isEmpty else { return [] }
        let more = names.count > 8 ? " and \(names.count - 8) more" : ""
        return ["skipped, as tap cannot use them: \(names.prefix(8).joined(separator: ", "))\(more)"]
    }
}
