import TapCore
import TapWatch

/// What a formula means, instant by instant, written from the definition and without any thought of speed: the judge of the
/// monitor. Time is 0, 1, 2...
struct ByDefinition {
    let trace: [String: [Truth]]
    let length: Int
    let before: Monitor.Before

    func truth(of formula: Formula, at now: Int) -> Truth {
        switch formula {
        case .constant(let value): return Truth(value)
        case .atom(let name): return trace[name]?[now] ?? .unknown
        case .not(let operand): return !truth(of: operand, at: now)
        case .and(let left, let right): return truth(of: left, at: now) & truth(of: right, at: now)
        case .or(let left, let right): return truth(of: left, at: now) | truth(of: right, at: now)
        case .implies(let left, let right): return !truth(of: left, at: now) | truth(of: right, at: now)
        case .once(let window, let operand):
            return past(window, now).map { value(of: operand, at: $0) }.reduce(.false) { $0 | $1 }
        case .historically(let window, let operand):
            return past(window, now).map { value(of: operand, at: $0) }.reduce(.true) { $0 & $1 }
        case .eventually(let window, let operand):
            return future(window, now).map { value(of: operand, at: $0) }.reduce(.false) { $0 | $1 }
        case .always(let window, let operand):
            return future(window, now).map { value(of: operand, at: $0) }.reduce(.true) { $0 & $1 }
        case .since(let window, let left, let right):
            return past(window, now).reduce(.false) { sum, then in
                sum
                    | (then + 1..<max(then + 1, now + 1)).reduce(value(of: right, at: then)) {
                        $0 & value(of: left, at: $1)
                    }
            }
        case .until(let window, let left, let right):
            return future(window, now).reduce(.false) { sum, then in
                sum | (now..<then).reduce(value(of: right, at: then)) { $0 & value(of: left, at: $1) }
            }
        }
    }

    private func value(of formula: Formula, at time: Int) -> Truth {
        time < 0 || time >= length ? .unknown : truth(of: formula, at: time)
    }

    private func past(_ window: FormulaWindow, _ now: Int) -> [Int] {
        let earliest = before == .nothing ? 0 : -1
        let from = window.isBounded ? max(earliest, now - Int(window.to.count)) : earliest
        let to = now - Int(window.from.count)
        return from <= to ? Array(from...to) : to < 0 && before == .unknown ? [-1] : []
    }

    private func future(_ window: FormulaWindow, _ now: Int) -> ClosedRange<Int> {
        now + Int(window.from.count)...now + Int(window.to.count)
    }
}
