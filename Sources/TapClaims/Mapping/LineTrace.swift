import TapCore

/// What a line did: its changes of level that lasted, and how often it rose.
struct LineTrace: Sendable {
    let name: String
    /// After a loss nothing is known until the next edge.
    private(set) var losses = 0
    private(set) var rises: UInt32 = 0
    /// The level before the first change.
    private(set) var first: Bool?
    /// When it changed; each change is to the other level.
    private(set) var changes: [Int64] = []
    /// There were more changes than are kept.
    private(set) var isBusy = false

    private var level: Bool?
    /// An edge that has not lasted yet: when the line began to move, when it last did, and to where.
    private var moving: (since: Int64, last: Int64, level: Bool)?

    /// Contacts bounce for less.
    static let settle: Int64 = 6_000_000
    static let most = 16_384

    init(_ name: String) { self.name = name }

    mutating func level(_ isHigh: Bool, at time: Int64) {
        settle(until: time)
        moving = nil
        set(isHigh, at: time)
    }

    mutating func edge(isRising: Bool, at time: Int64) {
        settle(until: time)
        if level == nil { set(!isRising, at: time) }
        moving = (moving?.since ?? time, time, isRising)
    }

    mutating func lose(at time: Int64) {
        settle(until: time)
        losses += 1
    }

    /// Nothing of it came since its last edge.
    mutating func settle(until time: Int64) {
        guard let edge = moving, time - edge.last >= LineTrace.settle else { return }
        moving = nil
        set(edge.level, at: edge.since)
    }

    private mutating func set(_ isHigh: Bool, at time: Int64) {
        guard let before = level else {
            (first, level) = (isHigh, isHigh)
            return
        }
        guard before != isHigh else { return }
        level = isHigh
        if isHigh { rises &+= 1 }
        if changes.count < LineTrace.most { changes.append(time) } else { isBusy = true }
    }
}

extension LineTrace {
    /// Its level after the change of this number.
    func isHigh(after change: Int) -> Bool { (first ?? false) != (change % 2 == 0) }

    /// The number of its first change later than a time.
    func firstChange(after time: Int64) -> Int {
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle] <= time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
