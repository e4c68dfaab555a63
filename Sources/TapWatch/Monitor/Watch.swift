import TapCore

/// Runs the monitors of many rules over atoms that change, behind watermarks.
///
/// What comes out is a function of what was set at which instant: neither the order within an instant nor how often a
/// watermark comes matters. No allocation after birth. Not safe to use from two threads at once.
public struct Watch {
    /// Of all rules, each once; their places are what `set` takes.
    public let atoms: [String]
    /// The instant from which on atoms are known.
    let start: Int64
    private let sink: any VerdictSink
    /// Changes that came after their watermark and were left out.
    public private(set) var late = 0

    private var monitors: ContiguousArray<Monitor>
    private var horizons: ContiguousArray<Int64>
    private var wakes: ContiguousArray<Int64>
    private var verdicts: ContiguousArray<Truth>
    private var values: ContiguousArray<Truth>
    /// Where rules use an atom: those of atom k stand from `firstUse[k]` to before `firstUse[k + 1]`.
    private var uses: ContiguousArray<Use> = []
    private var firstUse: ContiguousArray<Int> = []
    /// A bit for each rule that is to be worked out at the open instant.
    private var marks: ContiguousArray<UInt64>
    private var isMarked = false
    /// The instant that is open: everything before it is decided.
    private var now: Int64
    /// No monitor wakes earlier.
    private var nextWake: Int64

    private struct Use: BitwiseCopyable, Sendable {
        var rule: Int
        var place: Int
    }

    /// - Parameters:
    ///   - start: the instant from which on atoms are known.
    ///   - room: as of `Monitor`.
    public init(
        _ rules: [Formula], start: Int64, before: Monitor.Before = .unknown, room: Int = 1024, sink: any VerdictSink
    ) {
        monitors = ContiguousArray(rules.map { Monitor($0, start: start, before: before, room: room) })
        var places: [String: Int] = [:]
        var found: [String] = []
        for atom in monitors.lazy.flatMap(\.atoms) where places[atom] == nil {
            places[atom] = found.count
            found.append(atom)
        }
        atoms = found
        var usesOfAtom = Array(repeating: [Use](), count: found.count)
        for (rule, monitor) in monitors.enumerated() {
            for (place, atom) in monitor.atoms.enumerated() {
                usesOfAtom[places[atom] ?? 0].append(Use(rule: rule, place: place))
            }
        }
        for some in usesOfAtom {
            firstUse.append(uses.count)
            uses += some
        }
        firstUse.append(uses.count)
        horizons = ContiguousArray(monitors.map(\.horizon.count))
        wakes = ContiguousArray(repeating: start, count: rules.count)
        verdicts = ContiguousArray(repeating: .unknown, count: rules.count)
        values = ContiguousArray(repeating: .unknown, count: found.count)
        marks = ContiguousArray(repeating: 0, count: (rules.count + 63) / 64)
        now = start
        self.start = start
        nextWake = rules.isEmpty ? .max : start
        self.sink = sink
    }

    /// How often a monitor had no room for a change, so that it says unknown where more might be known.
    public var lost: Int { monitors.reduce(0) { $0 + $1.lost } }

    /// The atom has this truth from that instant on. The last one of an instant counts.
    public mutating func set(_ atom: Int, _ truth: Truth, at time: Int64) {
        guard time >= now else {
            late &+= 1
            return
        }
        if time > now { decide(before: time) }
        if values[atom] == truth { return }
        values[atom] = truth
        for index in firstUse[atom]..<firstUse[atom + 1] {
            let use = uses[index]
            monitors[use.rule].set(use.place, truth)
            marks[use.rule >> 6] |= 1 << UInt64(use.rule & 63)
        }
        isMarked = true
    }

    /// A watermark: everything up to that instant, itself included, is in.
    public mutating func close(upTo time: Int64) {
        if time >= now, time < .max { decide(before: time + 1) }
    }

    private mutating func decide(before time: Int64) {
        if isMarked { decideInstant() }
        while nextWake < time {
            now = max(now, nextWake)
            decideInstant()
        }
        now = time
    }

    private mutating func decideInstant() {
        if nextWake <= now {
            var next = Int64.max
            for rule in wakes.indices {
                if wakes[rule] <= now || marks[rule >> 6] >> UInt64(rule & 63) & 1 == 1 { decide(rule) }
                next = min(next, wakes[rule])
            }
            nextWake = next
            for word in marks.indices { marks[word] = 0 }
        } else {
            for word in marks.indices {
                var bits = marks[word]
                marks[word] = 0
                while bits != 0 {
                    let rule = word << 6 + bits.trailingZeroBitCount
                    bits &= bits &- 1
                    decide(rule)
                    nextWake = min(nextWake, wakes[rule])
                }
            }
        }
        isMarked = false
    }

    private mutating func decide(_ rule: Int) {
        let truth = monitors[rule].evaluate(at: now)
        wakes[rule] = monitors[rule].wake
        guard truth != verdicts[rule] else { return }
        verdicts[rule] = truth
        sink.verdict(rule: rule, from: now - horizons[rule], truth)
    }
}
