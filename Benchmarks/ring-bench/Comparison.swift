import CRig

/// The tap ring and one contender in one case, in turn, pair by pair.
struct Comparison {
    var which: BenchCase
    var contender: Contender
    /// Nanoseconds an element, run by run; the runs of one index are neighbours in time.
    var tap: [Double] = []
    var other: [Double] = []
    var isRight = true
    var isPlaced = true

    /// The median of the pairs' ratios: how many times as fast as the contender the tap ring is.
    var speed: Double { median(zip(tap, other).map { $1 / $0 }) }
    var goal: Double? { which.goal(against: contender) }
    var isMet: Bool? { goal.map { speed >= $0 } }

    init(_ which: BenchCase, against contender: Contender, pairs: Int, isSmall: Bool, on placement: Placement) {
        self.which = which
        self.contender = contender
        let count = which.count(isSmall: isSmall)
        // A run before the first pair: pages are mapped and the processor is awake.
        add(pair: 0, count, placement)
        tap = []
        other = []
        for pair in 0..<pairs { add(pair: pair, count, placement) }
    }

    /// Which of the two goes first changes from pair to pair.
    private mutating func add(pair: Int, _ count: UInt64, _ placement: Placement) {
        for turn in 0..<2 {
            let isTap = (pair + turn) % 2 == 0
            let result =
                isTap
                ? TapRing.run(which, count: count, on: placement)
                : rig_run_cpp(contender.rig, which.rig, count, placement.rig)
            isRight = isRight && result.is_right
            isPlaced = isPlaced && result.is_placed
            let time_ns = Double(result.elapsed_ns) / Double(count)
            if isTap { tap.append(time_ns) } else { other.append(time_ns) }
        }
    }
}

/// What the rig itself takes: what every figure contains.
struct RigCost {
    /// To make and check an element, nanoseconds; both ends at once, as in a run.
    var swift: Double
    var cpp: Double
    /// A run of nothing: clocks and barrier, nanoseconds in all.
    var emptyRun: Double

    init(pairs: Int, isSmall: Bool, on placement: Placement) {
        let count: UInt64 = isSmall ? 6_400 : 6_400_000
        var swift: [Double] = []
        var cpp: [Double] = []
        var empty: [Double] = []
        for _ in 0..<pairs {
            swift.append(Double(TapRing.runNothing(count: count, on: placement).elapsed_ns) / Double(count))
            cpp.append(
                Double(rig_run_cpp(RIG_TWIN, RIG_NOTHING, count, placement.rig).elapsed_ns) / Double(count))
            empty.append(Double(rig_run_cpp(RIG_TWIN, RIG_NOTHING, 0, placement.rig).elapsed_ns))
        }
        self.swift = median(swift)
        self.cpp = median(cpp)
        self.emptyRun = median(empty)
    }
}

func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard let middle = sorted.indices.dropFirst(sorted.count / 2).first else { return .nan }
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
