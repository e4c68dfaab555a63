import TapCore

extension Condition {
    /// As a site file writes it.
    public var text: String {
        switch self {
        case .constant(let isTrue): isTrue ? "true" : "false"
        case .line(let name), .word(let name): name
        case .tag(let name): name.description
        case .says(let name, let word): "\(name) == \(word)"
        case .silent(let source): "\(source) silent"
        case .not(.same(let left, let right)): "\(left.text(in: .value)) != \(right.text(in: .value))"
        case .not(let inner): "not \(inner.text(in: .comparison))"
        case .all(let parts): parts.map { $0.text(in: .not) }.joined(separator: " and ")
        case .any(let parts): parts.map { $0.text(in: .not) }.joined(separator: " or ")
        case .same(let left, let right): "\(left.text(in: .value)) == \(right.text(in: .value))"
        case .compare(let left, let relation, let right): "\(left.text) \(relation.rawValue) \(right.text)"
        case .holds(let inner, let time): "\(inner.text(in: .not)) for \(DurationText.exact(time))"
        case .steady(let measure, _, let time): "\(measure.closed) steady \(DurationText.exact(time))"
        case .jumps(let name): "\(name) jumps"
        case .failed(let name): "\(name) failed"
        case .once(let inner, let window): "once\(window.text)(\(inner.text))"
        case .historically(let inner, let window): "historically\(window.text)(\(inner.text))"
        case .eventually(let inner, let window): "eventually\(window.text)(\(inner.text))"
        case .always(let inner, let window): "always\(window.text)(\(inner.text))"
        case .since(let first, let second, let window): "since\(window.text)(\(first.text), \(second.text))"
        }
    }

    /// How tightly it binds, from loose to tight.
    private enum Binding: Int {
        case joined, held, not, comparison, value
    }

    private var binding: Binding {
        switch self {
        case .all, .any: .joined
        case .holds: .held
        case .not(.same), .same, .says, .compare, .steady: .comparison
        case .not: .not
        default: .value
        }
    }

    /// In parentheses, unless it binds at least as tightly.
    private func text(in place: Binding) -> String { binding.rawValue >= place.rawValue ? text : "(\(text))" }
}

extension Condition.Window {
    var text: String { "[\(DurationText.exact(from)), \(DurationText.exact(to))]" }
}

extension Measure {
    /// As a site file writes it.
    public var text: String {
        switch self {
        case .quantity(let quantity): quantity.text
        case .channel(let name), .word(let name), .counted(let name, _): name
        case .tag(let name): name.description
        case .sum(let left, let right): "\(left.text) + \(right.closed)"
        case .difference(let left, let right): "\(left.text) - \(right.closed)"
        case .product(let left, let right): "\(left.closed) * \(right.closed)"
        case .quotient(let left, let right): "\(left.closed) / \(right.closed)"
        case .power(let base, let exponent): "\(base.closed)^\(exponent)"
        case .negative(let inner): "-\(inner.closed)"
        case .greatest(let parts): "max(\(parts.map(\.text).joined(separator: ", ")))"
        case .least(let parts): "min(\(parts.map(\.text).joined(separator: ", ")))"
        case .magnitude(let inner): "abs(\(inner.text))"
        case .integral(let inner, let time): "integral(\(inner.text), \(DurationText.exact(time)))"
        case .change(let inner, let time): "change(\(inner.text), \(DurationText.exact(time)))"
        case .starts(let condition, let time): "count(\(condition.text), \(DurationText.exact(time)))"
        }
    }

    var closed: String {
        switch self {
        case .sum, .difference, .product, .quotient: "(\(text))"
        default: text
        }
    }
}
