/// Values and truths that records give: channels and numbers as spans, lines once they are steady, what is made of them.
///
/// All records of an instant count before anything of that instant is worked out; what happens with time alone happens at its
/// own instant. So what comes out is a function of the records. No allocation after birth.
struct ValueGraph {
    var nodes: ContiguousArray<ValueNode>
    var spans: ContiguousArray<ValueSpan>
    var truths: ContiguousArray<Truth>
    /// When a node changes though no record comes.
    var dues: ContiguousArray<Int64>
    /// Of a line: the level that is not steady yet; of others: the truth or rate when last worked out; of what is approved: the
    /// value before, while that may be claimed too.
    var old: ContiguousArray<Truth>
    var rates: ContiguousArray<ValueSpan>
    /// Of an integral: up to now; of what counts: the number.
    var sums: ContiguousArray<ValueSpan>
    /// Of a line: its level as it came last.
    var levels: ContiguousArray<Truth>
    /// When a tag was last claimed, an integral last worked out, something last lost of a line.
    var times: ContiguousArray<Int64>
    /// When something was last unknown.
    var unknownTo: ContiguousArray<Int64>
    /// Something was lost, and nothing came since.
    var isLost: ContiguousArray<Bool>
    /// Which word a tag says; -1: not known.
    var words: ContiguousArray<Int>
    var hulls: ContiguousArray<SlidingHull>
    var histories: ContiguousArray<History>
    var counters: ContiguousArray<CounterOffset>
    var delays: ContiguousArray<DelayEstimate>
    var repeats: ContiguousArray<RepeatDetector>
    var floods: ContiguousArray<FloodDetector>
    let readings: Readings
    let start: Int64
    /// The instant that is open: everything before it is worked out.
    var now: Int64
    /// Records that came after what they belong to was worked out.
    var late = 0

    /// For each node, a bit for each that is to be worked out when it changes.
    let masks: ContiguousArray<UInt64>
    let wordCount: Int
    private var marks: ContiguousArray<UInt64>
    private var isMarked = true
    /// Nodes that may be due.
    private let timed: ContiguousArray<Int>
    private var nextDue = Int64.max
    /// What the watch was given.
    private var given: ContiguousArray<Truth>

    init(_ compiler: ValueCompiler) {
        let nodes = compiler.nodes
        let count = nodes.count
        self.nodes = ContiguousArray(nodes)
        hulls = ContiguousArray(compiler.hulls)
        histories = ContiguousArray(compiler.histories)
        counters = ContiguousArray(compiler.counters)
        delays = ContiguousArray(compiler.delays)
        repeats = ContiguousArray(compiler.repeats)
        floods = ContiguousArray(compiler.floods)
        readings = Readings(compiler.shown)
        start = compiler.start
        now = start
        spans = ContiguousArray(repeating: .unknown, count: count)
        truths = ContiguousArray(repeating: .unknown, count: count)
        dues = ContiguousArray(repeating: .max, count: count)
        old = ContiguousArray(repeating: .unknown, count: count)
        levels = ContiguousArray(repeating: .unknown, count: count)
        rates = ContiguousArray(repeating: .unknown, count: count)
        sums = ContiguousArray(repeating: ValueSpan(0), count: count)
        times = ContiguousArray(repeating: .min, count: count)
        unknownTo = ContiguousArray(repeating: start, count: count)
        isLost = ContiguousArray(repeating: false, count: count)
        words = ContiguousArray(repeating: -1, count: count)
        given = ContiguousArray(repeating: .unknown, count: count)
        wordCount = (count + 63) / 64
        masks = ValueGraph.masks(nodes, wordCount)
        marks = ContiguousArray(repeating: 0, count: wordCount)
        timed = ContiguousArray(nodes.indices.filter { !nodes[$0].isPlain || nodes[$0].kind == .channel })
        for node in nodes.indices {
            marks[node >> 6] |= 1 << UInt64(node & 63)
            switch nodes[node].kind {
            case .constant, .approved:
                spans[node] = ValueSpan(nodes[node].number)
                truths[node] = Truth(nodes[node].number != 0)
            case .integral, .silent: times[node] = start
            case .permit: truths[node] = .false
            case .starts, .counted: self.histories[nodes[node].place].add(ValueSpan(0), at: start)
            default: break
            }
        }
    }

    private static func masks(_ nodes: [ValueNode], _ wordCount: Int) -> ContiguousArray<UInt64> {
        var masks = ContiguousArray<UInt64>(repeating: 0, count: nodes.count * wordCount)
        for node in nodes.indices.reversed() {
            masks[node * wordCount + node >> 6] |= 1 << UInt64(node & 63)
            for operand in [nodes[node].left, nodes[node].right] where operand >= 0 {
                for word in 0..<wordCount { masks[operand * wordCount + word] |= masks[node * wordCount + word] }
            }
        }
        return masks
    }

    /// Opens an instant for records.
    /// - Returns: false: it is closed already.
    mutating func open(_ time: Int64, _ watch: inout Watch) -> Bool {
        guard time >= now else {
            late &+= 1
            return false
        }
        if time > now { advance(before: time, &watch) }
        return true
    }

    /// Works out everything before that time.
    mutating func advance(before time: Int64, _ watch: inout Watch) {
        guard time > now else { return }
        if isMarked { work(&watch) }
        while nextDue < time {
            if nextDue > now { watch.close(upTo: nextDue - 1) }
            now = max(now, nextDue)
            work(&watch)
        }
        // What is decided before that time finds the values of then.
        watch.close(upTo: time - 1)
        now = time
    }

    /// What depends on the node is to be worked out at the open instant.
    mutating func mark(_ node: Int) {
        for word in 0..<wordCount { marks[word] |= masks[node * wordCount + word] }
        isMarked = true
    }

    mutating func mark(_ mask: ContiguousArray<UInt64>) {
        for word in 0..<wordCount { marks[word] |= mask[word] }
        isMarked = true
    }

    /// Nothing is due before or at that time.
    func isQuiet(upTo time: Int64) -> Bool { nextDue > time }

    mutating func work(_ watch: inout Watch) {
        if nextDue <= now {
            for node in timed where dues[node] <= now { mark(node) }
        }
        for word in marks.indices {
            var bits = marks[word]
            marks[word] = 0
            while bits != 0 {
                let node = word << 6 + bits.trailingZeroBitCount
                bits &= bits &- 1
                evaluate(node)
                let shown = nodes[node].shown
                if shown >= 0 {
                    readings.set(
                        shown, spans[node], truths[node], word: words[node], isLost: isLost[node],
                        isHeard: nodes[node].kind == .tag && times[node] != .min, at: now)
                }
                let atom = nodes[node].atom
                if atom >= 0, truths[node] != given[node] {
                    given[node] = truths[node]
                    watch.set(atom, truths[node], at: now)
                }
            }
        }
        isMarked = false
        var next = Int64.max
        for node in timed { next = min(next, dues[node]) }
        nextDue = next
    }

    /// Works out some nodes at the open instant, and nothing else.
    mutating func evaluate(all mask: ContiguousArray<UInt64>) {
        for word in mask.indices {
            var bits = mask[word]
            while bits != 0 {
                evaluate(word << 6 + bits.trailingZeroBitCount)
                bits &= bits &- 1
            }
        }
    }

    /// Whether all of these are known and what the watch was given.
    func isGiven(_ mask: ContiguousArray<UInt64>) -> Bool {
        for word in mask.indices {
            var bits = mask[word]
            while bits != 0 {
                let node = word << 6 + bits.trailingZeroBitCount
                bits &= bits &- 1
                if nodes[node].atom >= 0, truths[node] == .unknown || truths[node] != given[node] { return false }
            }
        }
        return true
    }

    @inline(__always)
    private mutating func evaluate(_ node: Int) {
        let shape = nodes[node]
        switch shape.kind {
        case .sum: spans[node] = spans[shape.left] + spans[shape.right]
        case .difference: spans[node] = spans[shape.left] - spans[shape.right]
        case .product: spans[node] = spans[shape.left] * spans[shape.right]
        case .quotient: spans[node] = spans[shape.left] / spans[shape.right]
        case .power: spans[node] = spans[shape.left].power(shape.place)
        case .negative: spans[node] = -spans[shape.left]
        case .greatest: spans[node] = spans[shape.left].greatest(spans[shape.right])
        case .least: spans[node] = spans[shape.left].least(spans[shape.right])
        case .magnitude: spans[node] = spans[shape.left].magnitude
        case .not: truths[node] = !truths[shape.left]
        case .and: truths[node] = truths[shape.left] & truths[shape.right]
        case .or: truths[node] = truths[shape.left] | truths[shape.right]
        case .same:
            let (left, right) = (truths[shape.left], truths[shape.right])
            truths[node] = left & right | !left & !right
        case .atLeast: truths[node] = spans[shape.left].isAtLeast(spans[shape.right])
        case .above: truths[node] = !spans[shape.right].isAtLeast(spans[shape.left])
        case .balance:
            truths[node] = spans[shape.left].mayEqual(
                spans[shape.right], absolute: shape.number, relative: shape.second)
        case .bound:
            let (left, right) = (spans[shape.left], spans[shape.right])
            truths[node] =
                left.isKnown && right.isKnown ? Truth(left.low - right.high <= shape.number) : .unknown
        case .fed: spans[node] = truths[shape.right] == .true ? spans[shape.left] : .unknown
        case .constant: break
        default: remember(node, shape)
        }
    }
}
