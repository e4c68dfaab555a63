/// Finds reports that are those of before, digit for digit: a stretch of them, with enough change in it that no honest
/// machine gives it twice. Keeps the digests of the last reports, so many as its capacity.
struct RepeatWatch: Sendable {
    /// So many reports in a row, with so many changes among them.
    static let length = 20
    static let changes = 10

    private let capacity: Int
    private var digests: [UInt64] = []
    private var times: [UInt64] = []
    private var places: [UInt64: Int] = [:]
    private var count = 0
    /// The report that the last one repeats; nil: none.
    private var repeated: Int?
    private var run = 0
    private var changed = 0

    init(capacity: Int = 10_000) { self.capacity = max(2 * RepeatWatch.length, capacity) }

    /// - Returns: how much older the stretch is that has been repeated up to now, in nanoseconds; nil: none has.
    mutating func add(_ digest: UInt64, at time: UInt64) -> UInt64? {
        let before = count > 0 ? digests[(count - 1) % capacity] : digest
        if let last = repeated, last + 1 < count, digests[(last + 1) % capacity] == digest {
            repeated = last + 1
            run += 1
            changed += before == digest ? 0 : 1
        } else {
            repeated = places[digest]
            run = repeated == nil ? 0 : 1
            changed = 0
        }
        let age = repeated.map { time - times[$0 % capacity] }
        keep(digest, time)
        return run >= RepeatWatch.length && changed >= RepeatWatch.changes ? age : nil
    }

    private mutating func keep(_ digest: UInt64, _ time: UInt64) {
        let place = count % capacity
        if digests.count < capacity {
            digests.append(digest)
            times.append(time)
        } else {
            if places[digests[place]] == count - capacity { places[digests[place]] = nil }
            if repeated.map({ $0 <= count - capacity }) ?? false { repeated = nil }
            (digests[place], times[place]) = (digest, time)
        }
        // The earliest of equal ones is the one that was recorded.
        if places[digest] == nil { places[digest] = count }
        count += 1
    }
}
