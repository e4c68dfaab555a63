/// What an operator remembers for one of the two bits of its truth.
struct SpanMemory: BitwiseCopyable, Sendable {
    /// The operator and its window; `to` may be `Int64.max`.
    struct Shape: BitwiseCopyable, Sendable {
        var kind: MonitorNode.Kind
        var from: Int64
        var to: Int64
        /// 1: time has whole steps, nothing is between two. 0: dense time.
        var step: Int64

        func later(_ now: Int64) -> Int64 { to == .max ? .max : now + to }
    }

    /// The bit of the left and of the right operand.
    struct Operands: BitwiseCopyable, Sendable {
        var left: Bool
        var right: Bool
    }

    private var spans: SpanQueue
    /// Since when the left operand has been true.
    private var run = Int64.min

    init(_ spans: SpanQueue) { self.spans = spans }

    /// Both operands have been true for ever.
    mutating func openForEver(_ pool: inout ContiguousArray<Int64>) { _ = spans.open(at: .min, &pool) }

    func due(after now: Int64) -> Int64 { spans.due(after: now) }

    /// - Returns: the operator's bit at `now`. `lost` grows where there was no room to remember a change.
    @inline(__always)
    mutating func advance(
        _ shape: Shape, to now: Int64, from old: Operands, to new: Operands, _ pool: inout ContiguousArray<Int64>,
        lost: inout Int
    ) -> Bool {
        var hasRoom = true
        switch shape.kind {
        case .once, .historically:
            if new.left, !old.left { hasRoom = spans.open(at: now + shape.from, &pool) }
            if old.left, !new.left { spans.close(at: shape.later(now), &pool) }
        case .since:
            hasRoom = since(shape, now, old, new, &pool)
        default:
            if old.left != new.left || old.right != new.right { hasRoom = until(shape, now, old, new, &pool) }
        }
        spans.drop(upTo: now, pool)
        lost += hasRoom ? 0 : 1
        let isTrue = spans.isTrue(at: now)
        return shape.kind == .since ? new.left && isTrue || shape.from == 0 && new.right : isTrue
    }

    /// Spans come from the times at which the right operand was true within the present run of the left one.
    private mutating func since(
        _ shape: Shape, _ now: Int64, _ old: Operands, _ new: Operands, _ pool: inout ContiguousArray<Int64>
    ) -> Bool {
        guard new.left else {
            if old.left { spans.clear() }
            return true
        }
        if !old.left {
            // The instant before the run may be the one at which the right operand was true.
            if old.right {
                let hasRoom = spans.open(at: now - shape.step + shape.from, &pool)
                if !new.right { spans.close(at: shape.later(now), &pool) }
                return hasRoom
            }
            return new.right ? spans.open(at: now + shape.from, &pool) : true
        }
        if new.right, !old.right { return spans.open(at: now + shape.from, &pool) }
        if old.right, !new.right { spans.close(at: shape.later(now), &pool) }
        return true
    }

    /// All times are later by `to` than those that are decided, as at `now` the operands are seen that far ahead. A right
    /// operand true at x decides those at most `to` and at least `from` before x from which the left one was true up to x.
    private mutating func until(
        _ shape: Shape, _ now: Int64, _ old: Operands, _ new: Operands, _ pool: inout ContiguousArray<Int64>
    ) -> Bool {
        var hasRoom = true
        let length = shape.to - shape.from
        if old.right, old.left || shape.from == 0 { spans.close(at: now + length, &pool) }
        if old.left, !new.left, new.right {
            hasRoom = spans.open(at: max(run + shape.to, now), &pool)
            spans.close(at: now + shape.step + length, &pool)
        }
        if new.left, !old.left { run = now }
        guard new.right, new.left || shape.from == 0 else { return hasRoom }
        return spans.open(at: new.left ? max(run + shape.to, now) : now + shape.to, &pool) && hasRoom
    }
}
