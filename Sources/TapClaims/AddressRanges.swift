/// Addresses of coils, inputs or registers, as ranges in order; those that touch are one.
public struct AddressRanges: Sendable, Hashable {
    /// Empty: none was named.
    public private(set) var ranges: [ClosedRange<UInt16>] = []
    /// There are more, for which there is no room.
    public private(set) var isMore = false

    static let most = 64

    mutating func add(_ address: UInt16, count: UInt16) {
        guard count > 0 else { return }
        let end = UInt16(min(0xFFFF, UInt32(address) + UInt32(count) - 1))
        if ranges.contains(where: { $0.contains(address) && $0.contains(end) }) { return }
        var merged = address...end
        var kept: [ClosedRange<UInt16>] = []
        for range in ranges {
            let touches =
                UInt32(range.lowerBound) <= UInt32(merged.upperBound) + 1
                && UInt32(merged.lowerBound) <= UInt32(range.upperBound) + 1
            if touches {
                merged = min(range.lowerBound, merged.lowerBound)...max(range.upperBound, merged.upperBound)
            } else {
                kept.append(range)
            }
        }
        guard kept.count < AddressRanges.most else {
            isMore = true
            return
        }
        kept.append(merged)
        ranges = kept.sorted { $0.lowerBound < $1.lowerBound }
    }
}
