import TapCore

/// Lays out the operators of a formula for `Monitor`: operands before what is made of them, equal ones once.
///
/// A formula that looks ahead is worked out late by its horizon, where it looks back only.
struct MonitorCompiler {
    let start: Int64
    let before: UInt8
    let room: Int
    let step: Int64
    var nodes: ContiguousArray<MonitorNode> = []
    var pool: ContiguousArray<Int64> = []
    private var places: [Formula: Int] = [:]
    private var delays: [[Int]: Int] = [:]
    private let atoms: [String]

    init(start: Int64, before: UInt8, room: Int, step: Int64, atoms: [String]) {
        self.start = start
        self.before = before
        self.room = room
        self.step = step
        self.atoms = atoms
        for atom in atoms {
            places[.atom(atom)] = add(.leaf, birth: start)
            nodes[nodes.count - 1].bits = Truth.unknown.bits
        }
    }

    /// Of the operator whose value, late by the formula's horizon, is that of the formula.
    mutating func place(of formula: Formula) -> Int {
        if let place = places[formula] { return place }
        let place = newPlace(of: formula)
        places[formula] = place
        return place
    }

    private mutating func newPlace(of formula: Formula) -> Int {
        let birth = birth(of: formula)
        switch formula {
        case .atom: return add(.leaf, birth: start)
        case .constant(let value):
            let place = add(.leaf, birth: start)
            nodes[place].bits = Truth(value).bits
            return place
        case .not(.not(let operand)): return place(of: operand)
        case .not(let operand): return add(.not, left: place(of: operand), birth: birth)
        case .and(let left, let right): return binary(.and, left, right, birth: birth)
        case .or(let left, let right): return binary(.or, left, right, birth: birth)
        case .implies(let left, let right): return place(of: .or(.not(left), right))
        case .once(let window, let operand):
            return add(
                .once, left: place(of: operand), from: window.from.count, to: window.to.count, birth: birth)
        case .historically(let window, let operand):
            return add(
                .historically, left: place(of: operand), from: window.from.count, to: window.to.count, birth: birth)
        case .since(let window, let left, let right):
            return binary(.since, left, right, from: window.from.count, to: window.to.count, birth: birth)
        case .eventually(let window, let operand):
            // Late by `to`, the window ends now and is as long as it was.
            return add(.once, left: place(of: operand), to: (window.to - window.from).count, birth: birth)
        case .always(let window, let operand):
            return add(.historically, left: place(of: operand), to: (window.to - window.from).count, birth: birth)
        case .until(let window, let left, let right):
            return binary(.until, left, right, from: window.from.count, to: window.to.count, birth: birth)
        }
    }

    private mutating func binary(
        _ kind: MonitorNode.Kind, _ left: Formula, _ right: Formula, from: Int64 = 0, to: Int64 = 0, birth: Int64
    ) -> Int {
        let latest = max(left.horizon, right.horizon)
        let (first, second) = (place(of: left, late: latest), place(of: right, late: latest))
        return add(kind, left: first, right: second, from: from, to: to, birth: birth)
    }

    /// The same, but later.
    private mutating func place(of formula: Formula, late: Nanoseconds) -> Int {
        let place = place(of: formula)
        let delay = (late - formula.horizon).count
        if delay == 0 { return place }
        if case .constant = formula { return place }
        let key = [place, Int(delay)]
        if let known = delays[key] { return known }
        let delayed = add(
            .once, left: place, from: delay, to: delay, birth: (Nanoseconds(start) + formula.horizon).count)
        delays[key] = delayed
        return delayed
    }

    /// From when on the operands say something.
    private func birth(of formula: Formula) -> Int64 {
        let ahead: Nanoseconds =
            switch formula {
            case .eventually(let window, _), .always(let window, _), .until(let window, _, _): window.to
            default: .zero
            }
        return (Nanoseconds(start) + (formula.horizon - ahead)).count
    }

    private mutating func add(
        _ kind: MonitorNode.Kind, left: Int = 0, right: Int? = nil, from: Int64 = 0, to: Int64 = 0, birth: Int64
    ) -> Int {
        let capacity = capacity(kind, from, to)
        let base = pool.count
        pool.append(contentsOf: repeatElement(0, count: 4 * capacity))
        nodes.append(
            MonitorNode(
                SpanMemory.Shape(kind: kind, from: from, to: to, step: step), left: left, right: right ?? left,
                birth: birth, before: before,
                certain: SpanQueue(base: base, capacity: capacity, covers: false),
                possible: SpanQueue(base: base + 2 * capacity, capacity: capacity, covers: true), pool: &pool))
        return nodes.count - 1
    }

    /// Spans that an operator may have to remember behind the first: those that begin within `from`, each apart from the
    /// next by more than the window's length.
    private func capacity(_ kind: MonitorNode.Kind, _ from: Int64, _ to: Int64) -> Int {
        switch kind {
        case .leaf, .not, .and, .or: 0
        case .once, .historically, .since: from == 0 ? 1 : Int(min(Int64(room), from / max(1, to - from) + 2))
        case .until: room
        }
    }
}
