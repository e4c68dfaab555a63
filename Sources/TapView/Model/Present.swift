import TapConfig

/// What expressions of a site come to by what lanes are now; what asks for the past is unknown.
struct Present {
    let site: Site
    let layout: WindowLayout
    let lanes: [LaneNow]

    private func value(_ name: String) -> Double? {
        guard let place = layout.lane(named: name) else { return nil }
        let value = lanes[place].value
        return value == value ? value : nil
    }

    /// In the SI's base.
    func value(of measure: Measure) -> Double? {
        switch measure {
        case .quantity(let quantity): quantity.value
        case .channel(let name): value(name)
        case .tag(let name): value(name.description)
        case .word(let name):
            switch site.words.first(where: { $0.name == name })?.meaning {
            case .measure(let inner, _): value(of: inner)
            case .condition, nil: nil
            }
        case .sum(let left, let right): both(left, right, +)
        case .difference(let left, let right): both(left, right, -)
        case .product(let left, let right): both(left, right, *)
        case .quotient(let left, let right): both(left, right, /)
        case .power(let inner, let exponent):
            value(of: inner).map { base in repeatElement(base, count: exponent).reduce(1, *) }
        case .negative(let inner): value(of: inner).map { -$0 }
        case .magnitude(let inner): value(of: inner).map(abs)
        case .greatest(let parts): all(parts)?.max()
        case .least(let parts): all(parts)?.min()
        case .integral, .change, .starts, .counted: nil
        }
    }

    private func both(_ left: Measure, _ right: Measure, _ make: (Double, Double) -> Double) -> Double? {
        guard let first = value(of: left), let second = value(of: right) else { return nil }
        let value = make(first, second)
        return value.isFinite ? value : nil
    }

    private func all(_ parts: [Measure]) -> [Double]? {
        let values = parts.compactMap { value(of: $0) }
        return values.count == parts.count ? values : nil
    }

    func truth(of condition: Condition) -> Bool? {
        switch condition {
        case .constant(let isTrue): return isTrue
        case .line(let name): return value(name).map { $0 != 0 }
        case .tag(let name): return value(name.description).map { $0 != 0 }
        case .word(let name):
            guard case .condition(let inner) = site.words.first(where: { $0.name == name })?.meaning else { return nil }
            return truth(of: inner)
        case .says(let name, let word):
            guard let place = layout.lane(named: name.description), let said = value(name.description) else {
                return nil
            }
            return layout.lanes[place].words.firstIndex(of: word).map { Double($0) == said }
        case .not(let inner): return truth(of: inner).map { !$0 }
        case .all(let parts):
            let truths = parts.map { truth(of: $0) }
            return truths.contains(false) ? false : truths.contains(nil) ? nil : true
        case .any(let parts):
            let truths = parts.map { truth(of: $0) }
            return truths.contains(true) ? true : truths.contains(nil) ? nil : false
        case .same(let left, let right):
            guard let first = truth(of: left), let second = truth(of: right) else { return nil }
            return first == second
        case .compare(let left, let relation, let right):
            guard let first = value(of: left), let second = value(of: right) else { return nil }
            switch relation {
            case .less: return first < second
            case .atMost: return first <= second
            case .greater: return first > second
            case .atLeast: return first >= second
            }
        case .silent, .holds, .steady, .jumps, .failed, .once, .historically, .eventually, .always, .since: return nil
        }
    }
}
