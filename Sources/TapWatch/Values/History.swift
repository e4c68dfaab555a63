/// What a value was so long ago, with a memory of fixed size: values that begin within one grain, the window's 1024th, share
/// a place, which then knows the span of them.
struct History: Sendable {
    struct Entry: BitwiseCopyable, Sendable {
        var begin: Int64
        var first: ValueSpan
        var hull: ValueSpan
    }

    static let grains: Int64 = 1024
    let window: Int64
    let grain: Int64
    private var entries: ContiguousArray<Entry>
    private var head = 0
    private var count = 0

    init(window: Int64) {
        self.window = window
        grain = window / History.grains
        let none = Entry(begin: 0, first: .unknown, hull: .unknown)
        entries = ContiguousArray(repeating: none, count: Int(History.grains) + 3)
    }

    /// From `now` on it is this. Times do not go back.
    mutating func add(_ value: ValueSpan, at now: Int64) {
        drop(at: now)
        if count > 0 {
            let last = place(count - 1)
            if count == entries.count || now - entries[last].begin <= grain {
                let hull = entries[last].hull
                entries[last].hull =
                    hull.isKnown && value.isKnown
                    ? ValueSpan(low: min(hull.low, value.low), high: max(hull.high, value.high)) : .unknown
                return
            }
        }
        entries[place(count)] = Entry(begin: now, first: value, hull: value)
        count += 1
    }

    /// Keeps the last one that began by then, which has the value of then.
    mutating func drop(at now: Int64) {
        while count > 1, entries[place(1)].begin <= now - window {
            head = place(1)
            count -= 1
        }
    }

    /// The one that holds the beginning of the window; nil: it begins before anything is known.
    func atBegin(of now: Int64) -> Entry? {
        count > 0 && entries[head].begin <= now - window ? entries[head] : nil
    }

    /// The one behind it.
    var second: Entry? { count > 1 ? entries[place(1)] : nil }

    /// When the window begins with another entry; `Int64.max`: with the present value, for ever.
    func due(after now: Int64) -> Int64 {
        guard count > 0 else { return .max }
        if entries[head].begin > now - window { return entries[head].begin + window }
        return second.map { $0.begin + window } ?? .max
    }

    private func place(_ index: Int) -> Int {
        let slot = head + index
        return slot >= entries.count ? slot - entries.count : slot
    }
}
