import TapCore

/// What records say, at the instant that is open.
extension ValueGraph {
    /// The line has this level, or nobody knows.
    mutating func set(line node: Int, _ truth: Truth) {
        let settle = Int64(nodes[node].place)
        levels[node] = truth
        if isLost[node] || truth == .unknown { times[node] = now }
        isLost[node] = truth == .unknown
        if truth == .unknown || truth == truths[node] {
            truths[node] = truth
            dues[node] = .max
        } else if settle == 0 {
            if truths[node] == .false, truth == .true { sums[node] = sums[node] + ValueSpan(1) }
            truths[node] = truth
        } else if dues[node] == .max || old[node] != truth {
            old[node] = truth
            dues[node] = now + settle
        }
        mark(node)
    }

    /// Of a line of which only rising edges are captured: one came.
    mutating func pulse(line node: Int) {
        if isLost[node] { times[node] = now }
        isLost[node] = false
        if !isWithoutSupply(line: node) { sums[node] = sums[node] + ValueSpan(1) }
        mark(node)
    }

    /// A source said this of a tag.
    ///
    /// - Parameters:
    ///   - span: unknown: no number, or said to be bad.
    ///   - silent: the node of its source's silence; -1: nobody asks.
    mutating func set(tag node: Int, _ span: ValueSpan, _ truth: Truth, word: Int, silent: Int) {
        spans[node] = span
        truths[node] = truth
        words[node] = word
        times[node] = now
        isLost[node] = false
        let lasts = Int64(nodes[node].place)
        dues[node] = lasts > 0 ? now + lasts : .max
        mark(node)
        if silent >= 0 { hear(silent: silent) }
    }

    /// A source that says only what changes said something else.
    mutating func keep(tag node: Int) {
        if dues[node] != .max { dues[node] = now + Int64(nodes[node].place) }
    }

    /// A source said something.
    mutating func hear(silent: Int) {
        times[silent] = now
        isLost[silent] = false
        old[silent] = .true
        mark(silent)
    }

    /// Claims of a tag were lost.
    mutating func lose(tag node: Int) {
        forget(node)
        isLost[node] = true
        mark(node)
    }

    mutating func lose(silent: Int) {
        isLost[silent] = true
        mark(silent)
    }

    /// - Parameter until: from when on it is not known any more.
    mutating func set(channel node: Int, _ span: ValueSpan, until: Int64) {
        spans[node] = span
        dues[node] = until
    }

    /// A source claims of a tag whose reports are compared that it is this.
    mutating func report(_ value: UInt64, of tag: Int, repeats node: Int) {
        repeats[nodes[node].place].take(tag, value)
        mark(node)
    }

    /// A source made a claim, whatever of.
    mutating func count(flood node: Int) {
        let place = nodes[node].place
        floods[place].take(at: now)
        if truths[node] != .true, floods[place].end(at: now) != nil { mark(node) }
    }

    mutating func lose(flood node: Int) {
        times[node] = now
        mark(node)
    }

    mutating func lose(repeats node: Int) {
        repeats[nodes[node].place].lose()
        truths[node] = .unknown
        dues[node] = .max
        mark(node)
    }

    /// Somebody wrote to what a source reads, or nobody did since the last time.
    ///
    /// - Parameter text: of what nobody may write; nil: it is allowed, or nothing.
    mutating func write(_ node: Int, _ text: String?) {
        old[node] = .true
        isLost[node] = false
        if let text {
            times[node] = now
            readings.say(nodes[node].shown, text, at: nil)
        }
        mark(node)
    }

    mutating func lose(written node: Int) {
        isLost[node] = true
        mark(node)
    }

    /// From now on a tag may have this value.
    ///
    /// - Parameters:
    ///   - before: so long it may have the one before as well.
    ///   - time: when that was said.
    mutating func approve(_ node: Int, _ value: Double, before: Nanoseconds, _ text: String, at time: Int64) {
        rates[node] = before > .zero ? spans[node] : .unknown
        dues[node] = before > .zero ? (Nanoseconds(now) + before).count : .max
        spans[node] = ValueSpan(value)
        readings.say(nodes[node].shown, text, at: time)
        mark(node)
    }

    /// From now on, for so long, a person permits some work.
    mutating func permit(_ node: Int, for time: Nanoseconds) {
        truths[node] = Truth(time > .zero)
        dues[node] = time > .zero ? (Nanoseconds(now) + time).count : .max
        mark(node)
    }
}
