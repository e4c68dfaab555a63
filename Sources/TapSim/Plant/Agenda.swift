/// What is to happen at given times: taken out in order of time, equal times in the order they were put in.
///
/// A handful of entries at once, so a sorted array. `next` is all that is looked at in a step in which nothing happens.
struct Agenda<Action: Sendable>: Sendable {
    private var entries: [(time: UInt64, action: Action)] = []
    /// Of the earliest entry; the end of time if there is none.
    private(set) var next = UInt64.max

    mutating func add(_ action: Action, at time: UInt64) {
        // Latest first: the earliest is taken from the end.
        let place = entries.firstIndex { $0.time <= time } ?? entries.endIndex
        entries.insert((time, action), at: place)
        next = entries[entries.count - 1].time
    }

    /// The earliest entry before a time; nil: there is none.
    mutating func take(before end: UInt64) -> (time: UInt64, action: Action)? {
        guard next < end, let entry = entries.popLast() else { return nil }
        next = entries.last?.time ?? .max
        return entry
    }
}
