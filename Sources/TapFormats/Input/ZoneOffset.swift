/// How far the clocks of a zone are ahead of UTC.
public struct ZoneOffset: Sendable, Hashable {
    public let nanoseconds: Int64

    /// Of `UTC`, `Z`, `+1`, `-05:30`, `+0530` or, as COMTRADE has it, `5h30`; nil: something else, or more than 14 hours.
    public init?(_ text: String) {
        if text == "Z" || text == "z" || text.uppercased() == "UTC" {
            nanoseconds = 0
            return
        }
        let isBehind = text.hasPrefix("-")
        let digits = isBehind || text.hasPrefix("+") ? text.dropFirst() : text[...]
        var parts = digits.split(omittingEmptySubsequences: false) { $0 == ":" || $0 == "h" }
        if parts.count == 1, parts[0].count == 4 { parts = [parts[0].prefix(2), parts[0].suffix(2)] }
        guard parts.count <= 2,
            parts.allSatisfy({ (1...2).contains($0.count) && $0.utf8.allSatisfy { $0 &- 48 <= 9 } }),
            let hours = Int64(parts[0]), let minutes = parts.count == 2 ? Int64(parts[1]) : 0,
            hours * 60 + minutes <= 14 * 60, minutes < 60
        else { return nil }
        nanoseconds = (isBehind ? -1 : 1) * (hours * 60 + minutes) * 60_000_000_000
    }
}
