public import TapCore

/// Decides one formula while its atoms change. Constant work for a change in the mean, no allocation after birth.
///
/// An operator that looks ahead makes the verdict late: at an instant it is that of `horizon` before. Not safe to use from
/// two threads at once.
public struct Monitor: Sendable {
    /// What is thought of the time before the start.
    public enum Before: Sendable, Hashable {
        /// Something was, and is not known: a window is unknown until it is full or decided.
        case unknown
        /// Nothing was: no instant is there for `once` to find or for `historically` to fail at.
        case nothing
    }

    public let horizon: Nanoseconds
    /// In the order of their places, which `set` takes.
    public let atoms: [String]
    /// From when on there is a verdict.
    public let first: Int64
    private var nodes: ContiguousArray<MonitorNode>
    private var pool: ContiguousArray<Int64>
    private let root: Int
    /// When the verdict may change though no atom does; `Int64.max`: never.
    public private(set) var wake: Int64
    /// How often there was no room to remember a change, so that an answer is unknown that might be known.
    public private(set) var lost = 0

    /// - Parameters:
    ///   - formula: what looks ahead without bound is unknown for ever.
    ///   - room: how many spans, at most, each operator remembers that must remember any number.
    ///   - isDense: whether there are instants between two nanoseconds, which matters only where one signal ends at the
    ///     instant at which another begins.
    public init(
        _ formula: Formula, start: Int64, before: Before = .unknown, room: Int = 1024, isDense: Bool = false
    ) {
        var compiler = MonitorCompiler(
            start: start, before: before == .unknown ? Truth.unknown.bits : Truth.false.bits, room: max(1, room),
            step: isDense ? 0 : 1, atoms: formula.atoms)
        root = compiler.place(of: formula)
        horizon = formula.horizon
        atoms = formula.atoms
        nodes = compiler.nodes
        pool = compiler.pool
        first = (Nanoseconds(start) + horizon).count
        wake = start
    }

    /// From the next evaluation on. Unknown until it was set.
    public mutating func set(_ atom: Int, _ truth: Truth) { nodes[atom].bits = truth.bits }

    public func isSet(_ atom: Int, to truth: Truth) -> Bool { nodes[atom].bits == truth.bits }

    /// Works out everything at that instant, which is not before the last one nor after `wake`.
    /// - Returns: the verdict of `horizon` before; unknown where that is before the start.
    public mutating func evaluate(at now: Int64) -> Truth {
        let next = Monitor.work(out: now, &nodes, from: atoms.count, &pool, lost: &lost)
        wake = now < first ? min(next, first) : next
        return now < first ? .unknown : Truth(bits: nodes[root].bits)
    }

    /// - Returns: when one of them changes though no operand does.
    private static func work(
        out now: Int64, _ nodes: inout ContiguousArray<MonitorNode>, from first: Int,
        _ pool: inout ContiguousArray<Int64>,
        lost: inout Int
    ) -> Int64 {
        var next = Int64.max
        var all = nodes.mutableSpan
        for index in first..<all.count {
            if all[index].birth <= now {
                let (left, right) = (all[all[index].left].bits, all[all[index].right].bits)
                all[index].work(out: now, left: left, right: right, &pool, lost: &lost)
            }
            next = min(next, all[index].due)
        }
        return next
    }
}
