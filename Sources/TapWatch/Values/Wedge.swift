/// The greatest of the values of a sliding window: each that a later one exceeds is forgotten.
///
/// Values that begin within one grain, the window's 512th, share an entry and count for as long as the last of them: the window is
/// longer by a grain at most, never shorter. Memory is fixed, and the work for a value is constant in the mean.
struct Wedge: Sendable {
    private struct Entry: BitwiseCopyable {
        var value: Double
        var begin: Int64
        /// From then on it is the value no more.
        var end: Int64
    }

    private static let grains: Int64 = 512
    private let window: Int64
    private let grain: Int64
    private var entries: ContiguousArray<Entry>
    private var head = 0
    private var count = 0

    init(window: Int64) {
        self.window = window
        grain = window / Wedge.grains
        entries = ContiguousArray(repeating: Entry(value: 0, begin: 0, end: 0), count: Int(Wedge.grains) + 3)
    }

    /// A value was there from `begin` to before `end`, which is the present.
    mutating func add(_ value: Double, from begin: Int64, to end: Int64) {
        drop(at: end)
        while count > 0, entries[place(count - 1)].value <= value { count -= 1 }
        if count > 0 {
            let last = place(count - 1)
            if count == entries.count || end - entries[last].begin <= grain {
                entries[last].end = end
                return
            }
        }
        entries[place(count)] = Entry(value: value, begin: begin, end: end)
        count += 1
    }

    mutating func drop(at now: Int64) {
        while count > 0, entries[head].end <= now - window {
            head = head + 1 == entries.count ? 0 : head + 1
            count -= 1
        }
    }

    /// nil: nothing is in the window.
    var greatest: Double? { count > 0 ? entries[head].value : nil }

    /// When the greatest leaves the window; `Int64.max`: there is none.
    var due: Int64 { count > 0 ? entries[head].end + window : .max }

    private func place(_ index: Int) -> Int {
        let slot = head + index
        return slot >= entries.count ? slot - entries.count : slot
    }
}
