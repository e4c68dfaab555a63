import TapCore

/// Whether a source makes more than so many claims within a second. Memory is fixed, and work constant.
struct FloodDetector: Sendable {
    /// When the last claims came, one more than there may be; `Int64.min`: there were not so many yet.
    private var times: ContiguousArray<Int64>
    /// The oldest of them.
    private var place = 0

    init(most: Int) { times = ContiguousArray(repeating: .min, count: max(1, most) + 1) }

    mutating func take(at now: Int64) {
        times[place] = now
        place = place + 1 == times.count ? 0 : place + 1
    }

    /// From when on there are not too many any more, if no claim comes; nil: so it is now.
    func end(at now: Int64) -> Int64? { FloodDetector.after(times[place]).flatMap { $0 > now ? $0 : nil } }

    /// The first instant from which one second back does not reach that time; nil: there was none.
    static func after(_ time: Int64) -> Int64? {
        time == .min ? nil : (Nanoseconds(time) + .seconds(1) + Nanoseconds(1)).count
    }
}
