/// The spans, past and to come, in which an operator is true: in order, apart from each other, each from its start to
/// before its end. The last may be open. The first stands here, the others in a ring of the monitor's pool.
struct SpanQueue: BitwiseCopyable, Sendable {
    /// Of the first span; `Int64.max`: there is none.
    private var start = Int64.max
    private var end = Int64.max
    private let base: Int
    private let capacity: Int
    private var head = 0
    private var rest = 0
    /// What to do without room for another span: true: the last one covers it too; false: it is left out. So the one that
    /// says "may be true" errs on the side of true, the one that says "certainly true" on the other, and both together
    /// say "unknown".
    private let covers: Bool
    private var isLeavingOut = false

    /// - Parameter capacity: spans behind the first, at `base` of the pool, two places each.
    init(base: Int, capacity: Int, covers: Bool) {
        self.base = base
        self.capacity = capacity
        self.covers = covers
    }

    func isTrue(at now: Int64) -> Bool { start <= now && now < end }

    /// The next instant at which the value changes, if nothing else happens.
    func due(after now: Int64) -> Int64 { start > now ? start : end }

    mutating func clear() {
        start = .max
        end = .max
        head = 0
        rest = 0
        isLeavingOut = false
    }

    mutating func drop(upTo now: Int64, _ pool: ContiguousArray<Int64>) {
        while end <= now, start != .max {
            guard rest > 0 else {
                start = .max
                end = .max
                return
            }
            start = pool[base + 2 * head]
            end = pool[base + 2 * head + 1]
            head = head + 1 == capacity ? 0 : head + 1
            rest -= 1
        }
    }

    /// A span begins. Starts never go back.
    /// - Returns: whether there was room to say it exactly.
    mutating func open(at new: Int64, _ pool: inout ContiguousArray<Int64>) -> Bool {
        if start == .max {
            start = new
            end = .max
            return true
        }
        if rest == 0 {
            if new <= end {
                end = .max
                return true
            }
        } else {
            let last = place(rest - 1)
            if new <= pool[last + 1] {
                pool[last + 1] = .max
                return true
            }
        }
        guard rest < capacity else {
            if covers { setLastEnd(.max, &pool) } else { isLeavingOut = true }
            return false
        }
        let next = place(rest)
        pool[next] = new
        pool[next + 1] = .max
        rest += 1
        return true
    }

    /// The open span ends; nothing remains of it if that is not after its start. Ends never go back.
    mutating func close(at new: Int64, _ pool: inout ContiguousArray<Int64>) {
        if isLeavingOut {
            isLeavingOut = false
            return
        }
        if rest > 0, pool[place(rest - 1)] >= new {
            rest -= 1
        } else if rest == 0, start >= new {
            clear()
        } else {
            setLastEnd(new, &pool)
        }
    }

    private mutating func setLastEnd(_ new: Int64, _ pool: inout ContiguousArray<Int64>) {
        if rest == 0 { end = new } else { pool[place(rest - 1) + 1] = new }
    }

    private func place(_ index: Int) -> Int {
        let slot = head + index
        return base + 2 * (slot >= capacity ? slot - capacity : slot)
    }
}
