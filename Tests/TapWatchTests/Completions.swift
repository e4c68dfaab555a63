import TapCore

@testable import TapWatch

/// What a formula says at an instant under every way to fill in what was lost: bit k of a set is the answer where the n-th
/// lost sample has the n-th bit of k.
struct Completions {
    let trace: [String: [Truth]]
    let length: Int
    private let lost: [Sample: Int]
    private let words: Int

    private struct Sample: Hashable {
        var atom: String
        var time: Int
    }

    init(_ trace: [String: [Truth]], length: Int) {
        self.trace = trace
        self.length = length
        var lost: [Sample: Int] = [:]
        for (atom, truths) in trace.sorted(by: { $0.key < $1.key }) {
            for (time, truth) in truths.enumerated() where truth == .unknown {
                lost[Sample(atom: atom, time: time)] = lost.count
            }
        }
        self.lost = lost
        words = max(1, (1 << lost.count) / 64)
    }

    /// The best that can be known.
    func truth(of formula: Formula, at now: Int) -> Truth {
        let set = answers(to: formula, at: now)
        // Fewer than six losses fill less than a word, over and over.
        if set.allSatisfy({ $0 == .max }) { return .true }
        return set.allSatisfy { $0 == 0 } ? .false : .unknown
    }

    private func all(_ value: Bool) -> [UInt64] { Array(repeating: value ? .max : 0, count: words) }

    private func sample(_ number: Int) -> [UInt64] {
        let masks: [UInt64] = [
            0xAAAA_AAAA_AAAA_AAAA, 0xCCCC_CCCC_CCCC_CCCC, 0xF0F0_F0F0_F0F0_F0F0, 0xFF00_FF00_FF00_FF00,
            0xFFFF_0000_FFFF_0000, 0xFFFF_FFFF_0000_0000,
        ]
        return (0..<words).map { number < 6 ? masks[number] : $0 >> (number - 6) & 1 == 1 ? .max : 0 }
    }

    private func both(_ left: [UInt64], _ right: [UInt64]) -> [UInt64] { zip(left, right).map { $0 & $1 } }
    private func either(_ left: [UInt64], _ right: [UInt64]) -> [UInt64] { zip(left, right).map { $0 | $1 } }

    private func answers(to formula: Formula, at now: Int) -> [UInt64] {
        switch formula {
        case .constant(let value): return all(value)
        case .atom(let name):
            let truth = trace[name]?[now] ?? .unknown
            if let number = lost[Sample(atom: name, time: now)] { return sample(number) }
            return all(truth == .true)
        case .not(let operand): return answers(to: operand, at: now).map { ~$0 }
        case .and(let left, let right): return both(answers(to: left, at: now), answers(to: right, at: now))
        case .or(let left, let right): return either(answers(to: left, at: now), answers(to: right, at: now))
        case .implies(let left, let right): return answers(to: .or(.not(left), right), at: now)
        case .once(let window, let operand): return some(operand, past(window, now))
        case .eventually(let window, let operand): return some(operand, future(window, now))
        case .historically(let window, let operand): return some(.not(operand), past(window, now)).map { ~$0 }
        case .always(let window, let operand): return some(.not(operand), future(window, now)).map { ~$0 }
        case .since(let window, let left, let right):
            return past(window, now).reduce(all(false)) { sum, then in
                either(sum, every(left, then + 1..<now + 1, from: answers(to: right, at: then)))
            }
        case .until(let window, let left, let right):
            return future(window, now).reduce(all(false)) { sum, then in
                either(sum, every(left, now..<then, from: answers(to: right, at: then)))
            }
        }
    }

    private func some(_ formula: Formula, _ times: [Int]) -> [UInt64] {
        times.reduce(all(false)) { either($0, answers(to: formula, at: $1)) }
    }

    private func every(_ formula: Formula, _ times: Range<Int>, from first: [UInt64]) -> [UInt64] {
        times.reduce(first) { both($0, answers(to: formula, at: $1)) }
    }

    private func past(_ window: FormulaWindow, _ now: Int) -> [Int] {
        let (from, to) = (max(0, now - Int(window.to.count)), now - Int(window.from.count))
        return from <= to ? Array(from...to) : []
    }

    private func future(_ window: FormulaWindow, _ now: Int) -> [Int] {
        Array(now + Int(window.from.count)...now + Int(window.to.count))
    }
}
