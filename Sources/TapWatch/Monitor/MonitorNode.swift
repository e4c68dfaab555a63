/// One operator of a monitor, with what it remembers.
struct MonitorNode: BitwiseCopyable, Sendable {
    enum Kind: BitwiseCopyable, Sendable { case leaf, not, and, or, once, since, until }

    let kind: Kind
    /// Places of the operands, which stand before it.
    let left: Int
    let right: Int
    /// Of the window; `to` may be `Int64.max`.
    let from: Int64
    let to: Int64
    /// From when on the operands are there; before, it is not worked out.
    let birth: Int64
    /// 1: time has whole steps, nothing is between two. 0: dense time.
    let step: Int64
    var bits: UInt8 = 0
    /// When it changes if nothing else does.
    var due: Int64
    /// The operands as they were when it was last worked out.
    private var leftBits: UInt8
    private var rightBits: UInt8
    /// Since when the left operand has been true, certainly and possibly.
    private var certainRun = Int64.min
    private var possibleRun = Int64.min
    private var certain: SpanQueue
    private var possible: SpanQueue

    /// - Parameter before: what is to be thought of the operands before `birth`: false where nothing was, or unknown.
    init(
        _ kind: Kind, left: Int = 0, right: Int = 0, from: Int64 = 0, to: Int64 = 0, birth: Int64, step: Int64,
        before: UInt8, certain: SpanQueue, possible: SpanQueue, pool: inout ContiguousArray<Int64>
    ) {
        self.kind = kind
        self.left = left
        self.right = right
        self.from = from
        self.to = to
        self.birth = birth
        self.step = step
        self.certain = certain
        self.possible = possible
        let looksBack = kind == .once || kind == .since
        leftBits = looksBack ? before : 0
        rightBits = looksBack ? before : 0
        due = kind == .leaf ? .max : birth
        if leftBits & 2 != 0 { _ = self.possible.open(at: .min, &pool) }
    }

    /// - Returns: how many spans there was no room for.
    mutating func work(out now: Int64, left new: UInt8, right newRight: UInt8, _ pool: inout ContiguousArray<Int64>)
        -> Int
    {
        switch kind {
        case .leaf: return 0
        case .not: bits = (!Truth(bits: new)).bits
        case .and: bits = new & newRight
        case .or: bits = new | newRight
        case .once, .since, .until:
            guard due <= now || new != leftBits || newRight != rightBits else { return 0 }
            var lost = 0
            let isCertain = advance(
                1, &certain, &certainRun, now: now, new: new, newRight: newRight, &pool, lost: &lost)
            let isPossible = advance(
                2, &possible, &possibleRun, now: now, new: new, newRight: newRight, &pool, lost: &lost)
            bits = (isCertain ? 1 : 0) | (isPossible ? 2 : 0)
            due = min(certain.due(after: now), possible.due(after: now))
            leftBits = new
            rightBits = newRight
            return lost
        }
        due = .max
        return 0
    }

    /// One of the two bits.
    private func advance(
        _ bit: UInt8, _ queue: inout SpanQueue, _ run: inout Int64, now: Int64, new: UInt8, newRight: UInt8,
        _ pool: inout ContiguousArray<Int64>, lost: inout Int
    ) -> Bool {
        let (was, wasRight) = (leftBits & bit != 0, rightBits & bit != 0)
        let (isLeft, isRight) = (new & bit != 0, newRight & bit != 0)
        var hasRoom = true
        switch kind {
        case .once:
            if isLeft, !was { hasRoom = queue.open(at: now + from, &pool) }
            if was, !isLeft { queue.close(at: later(now), &pool) }
        case .since:
            hasRoom = since(&queue, now, was, isLeft, wasRight, isRight, &pool)
        default:
            if was != isLeft || wasRight != isRight {
                hasRoom = until(&queue, &run, now, was, isLeft, wasRight, isRight, &pool)
            }
        }
        queue.drop(upTo: now, pool)
        lost += hasRoom ? 0 : 1
        let isTrue = queue.isTrue(at: now)
        return kind == .since ? isLeft && isTrue || from == 0 && isRight : isTrue
    }

    /// Spans come from the times at which the right operand was true within the present run of the left one.
    private func since(
        _ queue: inout SpanQueue, _ now: Int64, _ was: Bool, _ isLeft: Bool, _ wasRight: Bool, _ isRight: Bool,
        _ pool: inout ContiguousArray<Int64>
    ) -> Bool {
        guard isLeft else {
            if was { queue.clear() }
            return true
        }
        if !was {
            // The instant before the run may be the one at which the right operand was true.
            if wasRight {
                let hasRoom = queue.open(at: now - step + from, &pool)
                if !isRight { queue.close(at: later(now), &pool) }
                return hasRoom
            }
            return isRight ? queue.open(at: now + from, &pool) : true
        }
        if isRight, !wasRight { return queue.open(at: now + from, &pool) }
        if wasRight, !isRight { queue.close(at: later(now), &pool) }
        return true
    }

    /// All times are later by `to` than those that are decided, as at `now` the operands are seen that far ahead. A right
    /// operand true at x decides those at most `to` and at least `from` before x from which the left one was true up to x.
    private func until(
        _ queue: inout SpanQueue, _ run: inout Int64, _ now: Int64, _ was: Bool, _ isLeft: Bool, _ wasRight: Bool,
        _ isRight: Bool, _ pool: inout ContiguousArray<Int64>
    ) -> Bool {
        var hasRoom = true
        let length = to - from
        if wasRight, was || from == 0 { queue.close(at: now + length, &pool) }
        if was, !isLeft, isRight {
            hasRoom = queue.open(at: max(run + to, now), &pool)
            queue.close(at: now + step + length, &pool)
        }
        if isLeft, !was { run = now }
        guard isRight, isLeft || from == 0 else { return hasRoom }
        return queue.open(at: isLeft ? max(run + to, now) : now + to, &pool) && hasRoom
    }

    private func later(_ now: Int64) -> Int64 { to == .max ? .max : now + to }
}
