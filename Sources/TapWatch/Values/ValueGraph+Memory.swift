/// What depends on more than the present.
extension ValueGraph {
    mutating func remember(_ node: Int, _ shape: ValueNode) {
        switch shape.kind {
        case .channel: if dues[node] <= now { forget(node) }
        case .line: settle(node)
        case .tag: if dues[node] <= now { forget(node) }
        case .supplied: supply(node, shape)
        case .level: truths[node] = dues[shape.left] == .max ? truths[shape.left] : .unknown
        case .rises: rise(node, of: shape.left)
        case .said:
            // What is approved now is compared with what was claimed last, as if that came again.
            let isAgain = shape.right >= 0 && times[shape.right] == now && spans[shape.left].isKnown
            let isSaid = times[shape.left] == now || isAgain
            truths[node] = isLost[shape.left] ? .unknown : Truth(isSaid)
            dues[node] = isSaid ? now + 1 : .max
        case .says: truths[node] = words[shape.left] < 0 ? .unknown : Truth(words[shape.left] == shape.place)
        case .silent: silence(node, shape)
        case .integral: integrate(node, shape)
        case .change: change(node, shape)
        case .starts: starts(node, shape)
        case .counted: counted(node, shape)
        case .steady: steady(node, shape)
        case .jumps: jumps(node, shape)
        case .hull: hulls[shape.place].push(spans[shape.left], at: now)
        case .agrees: agree(node, shape)
        case .clock: compareClock(node, shape)
        case .counts: compareCount(node, shape)
        case .inTime: estimateDelay(node, shape)
        case .repeats: findRepeat(node, shape)
        case .flooded: flood(node, shape)
        case .written:
            let isWritten = times[node] == now
            truths[node] = isWritten ? .true : isLost[node] || !isHeard(node) ? .unknown : .false
            dues[node] = isWritten ? now + 1 : .max
        case .approved:
            times[node] = now
            if dues[node] <= now { (rates[node], dues[node]) = (.unknown, .max) }
        case .permit:
            if dues[node] <= now { (truths[node], dues[node]) = (.false, .max) }
        default: break
        }
    }

    /// It was said too long ago.
    mutating func forget(_ node: Int) {
        spans[node] = .unknown
        truths[node] = .unknown
        words[node] = -1
        dues[node] = .max
    }

    /// A supply has come back once all that it feeds has had its time to do so.
    private mutating func supply(_ node: Int, _ shape: ValueNode) {
        let present = truths[shape.left]
        if present == .true, old[node] != .true { times[node] = now }
        old[node] = present
        let end = present == .true ? times[node] + Int64(shape.place) : .max
        truths[node] = present == .true && now < end ? .unknown : present
        dues[node] = now < end ? end : .max
    }

    /// What a line without its supply says is of the supply.
    func isWithoutSupply(line node: Int) -> Bool { nodes[node].left >= 0 && truths[nodes[node].left] != .true }

    private mutating func settle(_ node: Int) {
        if isWithoutSupply(line: node) {
            (truths[node], dues[node], times[node]) = (.unknown, .max, now)
            return
        }
        if nodes[node].left >= 0, truths[node] == .unknown, dues[node] == .max {
            // Its supply is back: this is no edge.
            truths[node] = levels[node]
            return
        }
        let before = truths[node]
        if dues[node] <= now {
            truths[node] = old[node]
            dues[node] = .max
        }
        // Of a line without `settle` the new level stands already, and its rising edges were counted.
        if before == .false, truths[node] == .true { sums[node] = sums[node] + ValueSpan(1) }
    }

    private mutating func rise(_ node: Int, of line: Int) {
        let (before, present) = (old[node], truths[line])
        old[node] = present
        truths[node] =
            present == .unknown || present == .true && before == .unknown
            ? .unknown : Truth(present == .true && before == .false)
        dues[node] = present == .true && before != .true ? now + 1 : .max
    }

    private mutating func silence(_ node: Int, _ shape: ValueNode) {
        let isOver = now - times[node] > Int64(shape.place)
        truths[node] = isLost[node] ? .unknown : isOver ? .true : isHeard(node) ? .false : .unknown
        dues[node] = isOver ? .max : times[node] + Int64(shape.place) + 1
    }

    /// Before a source said anything, the window of its silence is not full, and what is written to it is not known.
    private func isHeard(_ node: Int) -> Bool { old[node] == .true }

    private mutating func integrate(_ node: Int, _ shape: ValueNode) {
        let seconds = Double(now - times[node]) * 1e-9
        if rates[node].isKnown {
            sums[node] = sums[node] + rates[node] * ValueSpan(seconds)
        } else {
            unknownTo[node] = now
        }
        times[node] = now
        rates[node] = spans[shape.left]
        histories[shape.place].add(sums[node], at: now)
        dues[node] = now + max(1, histories[shape.place].grain)
        let begin = now - histories[shape.place].window
        guard rates[node].isKnown, unknownTo[node] <= begin, let entry = histories[shape.place].atBegin(of: now) else {
            spans[node] = .unknown
            return
        }
        // Along a straight line between what was noted before and behind the beginning.
        let next = histories[shape.place].second
        let (end, last) = (next?.begin ?? now, next?.first ?? sums[node])
        let share = end > entry.begin ? Double(begin - entry.begin) / Double(end - entry.begin) : 0
        let low = entry.first.low + (last.low - entry.first.low) * share
        let high = entry.first.high + (last.high - entry.first.high) * share
        spans[node] = ValueSpan(low: sums[node].low - low, high: sums[node].high - high)
    }

    private mutating func change(_ node: Int, _ shape: ValueNode) {
        let value = spans[shape.left]
        if value != rates[node] {
            rates[node] = value
            histories[shape.place].add(value, at: now)
        } else {
            histories[shape.place].drop(at: now)
        }
        spans[node] = histories[shape.place].atBegin(of: now).map { value - $0.hull } ?? .unknown
        dues[node] = histories[shape.place].due(after: now)
    }

    private mutating func starts(_ node: Int, _ shape: ValueNode) {
        let (before, present) = (old[node], truths[shape.left])
        old[node] = present
        if before == .unknown || present == .unknown { unknownTo[node] = now }
        if before == .false, present == .true { sums[node] = sums[node] + ValueSpan(1) }
        count(node, shape, isUnknown: present == .unknown)
    }

    private mutating func counted(_ node: Int, _ shape: ValueNode) {
        sums[node] = sums[shape.left]
        unknownTo[node] = max(unknownTo[node], times[shape.left])
        count(node, shape, isUnknown: isLost[shape.left] || isWithoutSupply(line: shape.left))
    }

    /// At least what was seen; at most that, where nothing is unknown in the window.
    private mutating func count(_ node: Int, _ shape: ValueNode, isUnknown: Bool) {
        if rates[node] != sums[node] {
            rates[node] = sums[node]
            histories[shape.place].add(sums[node], at: now)
        } else {
            histories[shape.place].drop(at: now)
        }
        let begin = now - histories[shape.place].window
        let entry = histories[shape.place].atBegin(of: now)
        let seen = sums[node] - (entry?.hull ?? ValueSpan(0))
        let isWhole = entry != nil && !isUnknown && unknownTo[node] <= begin
        let most = Double.greatestFiniteMagnitude / max(1, abs(shape.number))
        spans[node] = ValueSpan(low: seen.low, high: isWhole ? seen.high : most) * ValueSpan(shape.number)
        dues[node] = histories[shape.place].due(after: now)
        if unknownTo[node] > begin { dues[node] = min(dues[node], unknownTo[node] + histories[shape.place].window) }
    }

    private mutating func steady(_ node: Int, _ shape: ValueNode) {
        let value = spans[shape.left]
        hulls[shape.place].push(ValueSpan((value.low + value.high) / 2), at: now)
        let hull = hulls[shape.place].hull(at: now)
        // What is known has changed by more already, whatever the rest was.
        let isMoving = hull.isKnown && hull.high - hull.low > shape.number
        let isPartly = hulls[shape.place].isPartlyUnknown(at: now)
        truths[node] = isMoving ? .false : isPartly ? .unknown : .true
        dues[node] = isMoving || isPartly ? hulls[shape.place].due(after: now) : .max
    }

    /// Values less and more what the fastest plausible change adds since the start: a jump is what lies outside of them.
    private mutating func jumps(_ node: Int, _ shape: ValueNode) {
        let value = spans[shape.left]
        let middle = (value.low + value.high) / 2
        let way = shape.second * Double(now - start)
        let hull = hulls[shape.place].hull(at: now)
        let isPartly = hulls[shape.place].isPartlyUnknown(at: now) || !value.isKnown
        let isJump =
            value.isKnown && hull.isKnown
            && (middle - way - hull.low > shape.number || hull.high - (middle + way) > shape.number)
        hulls[shape.place].push(ValueSpan(low: middle - way, high: middle + way), at: now)
        truths[node] = isJump ? .true : isPartly ? .unknown : .false
        dues[node] = value.isKnown && isPartly ? hulls[shape.place].due(after: now) : .max
    }

    /// The same of what is approved, when that changes too.
    private mutating func compareApproved(_ node: Int, _ shape: ValueNode) {
        let (claim, approved) = (spans[shape.right], shape.left)
        guard claim.isKnown else {
            truths[node] = .unknown
            return
        }
        guard times[shape.right] == now || times[approved] == now else { return }
        if ValueGraph.lies(claim, in: spans[approved], slack: shape.number) {
            truths[node] = .true
            (rates[approved], dues[approved]) = (.unknown, .max)
        } else {
            truths[node] = Truth(
                rates[approved].isKnown && ValueGraph.lies(claim, in: rates[approved], slack: shape.number))
        }
    }

    private static func lies(_ claim: ValueSpan, in hull: ValueSpan, slack: Double) -> Bool {
        // Decimal units are rounded.
        let slack = slack + 1e-9 * max(claim.greatestSize, hull.greatestSize)
        return claim.low >= hull.low - slack && claim.high <= hull.high + slack
    }

    /// A claim is judged when it comes, and the judgement stands until the next.
    private mutating func agree(_ node: Int, _ shape: ValueNode) {
        guard shape.place >= 0 else { return compareApproved(node, shape) }
        let claim = spans[shape.right]
        guard claim.isKnown else {
            truths[node] = .unknown
            return
        }
        guard times[shape.right] == now else { return }
        let hull = hulls[shape.place].hull(at: now)
        let isPartly = hulls[shape.place].isPartlyUnknown(at: now)
        guard hull.isKnown else {
            truths[node] = .unknown
            return
        }
        truths[node] = ValueGraph.lies(claim, in: hull, slack: shape.number) ? .true : isPartly ? .unknown : .false
    }
}
