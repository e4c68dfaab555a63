/// What is made of many claims of a tag.
extension ValueGraph {
    /// A claim of a counter is judged when it comes, and the judgement stands until the next.
    mutating func compareCount(_ node: Int, _ shape: ValueNode) {
        let (claim, line) = (spans[shape.right], nodes[shape.left].left)
        guard claim.isKnown else {
            truths[node] = .unknown
            return
        }
        guard times[shape.right] == now else { return }
        let all = sums[line].low
        // An edge whose contact still bounces may be counted already.
        let settling = dues[line] < .max && truths[line] == .false && old[line] == .true ? 1.0 : 0
        let recent = spans[shape.left]
        let isWhole = recent.high < Double.greatestFiniteMagnitude / 2
        let seen = ValueSpan(low: isWhole ? all - recent.high : -.infinity, high: all + settling)
        let isNotYetKnown = truths[line] == .unknown && all == 0
        truths[node] = counters[shape.place].judge(
            claim.low / shape.number, seen: seen, isLost: times[line] > counters[shape.place].judged,
            isLosing: isLost[line] || isNotYetKnown || isWithoutSupply(line: line), at: now)
    }

    /// What a clock shows is judged when it is claimed: it may be wrong either way, and it may be what it was before.
    mutating func compareClock(_ node: Int, _ shape: ValueNode) {
        let ahead = spans[shape.right]
        guard ahead.isKnown else {
            truths[node] = .unknown
            return
        }
        guard times[shape.right] == now else { return }
        truths[node] = Truth(ahead.low <= shape.number && ahead.high >= -shape.number - shape.second)
    }

    mutating func estimateDelay(_ node: Int, _ shape: ValueNode) {
        let claim = spans[shape.right]
        guard claim.isKnown else {
            truths[node] = .unknown
            return
        }
        guard times[shape.right] == now else { return }
        let (value, change) = (spans[nodes[shape.left].left], spans[shape.left])
        delays[shape.place].add(
            error: (value.low + value.high) / 2 - claim.low, rate: (change.low + change.high) / 2 / shape.second,
            at: now
        )
        let delay = delays[shape.place].delay
        truths[node] =
            !delay.isKnown
            ? .unknown : delay.low > shape.number ? .false : delay.high <= shape.number ? .true : .unknown
    }

    mutating func flood(_ node: Int, _ shape: ValueNode) {
        if let end = floods[shape.place].end(at: now) {
            truths[node] = .true
            dues[node] = end
        } else if let end = FloodDetector.after(times[node]), end > now {
            // What was lost may have been any number.
            truths[node] = .unknown
            dues[node] = end
        } else {
            truths[node] = .false
            dues[node] = .max
        }
    }

    mutating func findRepeat(_ node: Int, _ shape: ValueNode) {
        if repeats[shape.place].isComplete {
            repeats[shape.place].close(at: now)
            truths[node] = repeats[shape.place].truth
            // How long a report is one of the present.
            dues[node] = now + Int64(shape.number)
        } else if dues[node] <= now {
            truths[node] = .unknown
            dues[node] = .max
        }
    }
}
