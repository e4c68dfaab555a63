public import TapCore

/// What an expression rests on, and how long after a change it is known at the latest.
public struct Reliance: Sendable, Hashable {
    /// Signals that it reads.
    public var signals: Set<String> = []
    public var tags: Set<TagName> = []
    /// Sources whose silence it asks for.
    public var sources: Set<String> = []
    /// From a change on the wires until it is known, where nothing is lost.
    public var delay = Nanoseconds.zero
    /// Over what it looks back, as far as it is not a delay of what is said.
    public var memory = Nanoseconds.zero
    /// Channels that are compared with something: within their accuracy of it, it is unknown.
    public var compared: Set<String> = []

    mutating func add(_ other: Reliance) {
        signals.formUnion(other.signals)
        tags.formUnion(other.tags)
        sources.formUnion(other.sources)
        compared.formUnion(other.compared)
        delay = max(delay, other.delay)
        memory = max(memory, other.memory)
    }
}

extension Site {
    public func reliance(on condition: Condition) -> Reliance {
        switch condition {
        case .constant: return Reliance()
        case .line(let name): return line(name)
        case .tag(let name), .says(let name, _): return tag(name)
        case .word(let name): return word(name)
        case .silent(let source):
            var result = Reliance()
            result.sources = [source]
            if let source = sources.first(where: { $0.name == source }) {
                result.delay = source.silentAfter?.time(every: source.every) ?? source.every
            }
            return result
        case .not(let inner): return reliance(on: inner)
        case .all(let parts), .any(let parts): return combined(parts.map { reliance(on: $0) })
        case .same(let left, let right): return combined([reliance(on: left), reliance(on: right)])
        case .compare(let left, _, let right):
            var result = combined([reliance(on: left), reliance(on: right)])
            result.compared = result.signals.filter { name in signals.contains { $0.name == name && $0.accuracy > 0 } }
            return result
        case .holds(let inner, let time): return delayed(reliance(on: inner), time)
        case .steady(let measure, _, let time): return delayed(reliance(on: measure), time)
        case .jumps(let name), .failed(let name): return line(name)
        case .once(let inner, let window), .historically(let inner, let window), .eventually(let inner, let window),
            .always(let inner, let window):
            return delayed(reliance(on: inner), window.to)
        case .since(let first, let second, let window):
            return delayed(combined([reliance(on: first), reliance(on: second)]), window.to)
        }
    }

    public func reliance(on measure: Measure) -> Reliance {
        switch measure {
        case .quantity: Reliance()
        case .channel(let name): line(name)
        case .tag(let name): tag(name)
        case .word(let name): word(name)
        case .sum(let left, let right), .difference(let left, let right), .product(let left, let right),
            .quotient(let left, let right):
            combined([reliance(on: left), reliance(on: right)])
        case .power(let inner, _), .negative(let inner), .magnitude(let inner): reliance(on: inner)
        case .greatest(let parts), .least(let parts): combined(parts.map { reliance(on: $0) })
        case .integral(let inner, let time), .change(let inner, let time): delayed(reliance(on: inner), time)
        case .starts(let condition, let time): remembered(reliance(on: condition), time)
        case .counted(let name, let time): delayed(line(name), time)
        }
    }

    func combined(_ parts: [Reliance]) -> Reliance {
        var result = Reliance()
        for part in parts { result.add(part) }
        return result
    }

    private func remembered(_ reliance: Reliance, _ time: Nanoseconds) -> Reliance {
        var result = reliance
        result.memory = max(result.memory, result.delay) + time
        return result
    }

    func delayed(_ reliance: Reliance, _ time: Nanoseconds) -> Reliance {
        var result = reliance
        result.delay = result.delay + time
        return result
    }

    private func line(_ name: String) -> Reliance {
        var result = Reliance()
        result.signals = [name]
        result.delay = max(signals.first { $0.name == name }?.settle ?? .zero, knownSupplies(of: name)?.decay ?? .zero)
        return result
    }

    private func tag(_ name: TagName) -> Reliance {
        var result = Reliance()
        result.tags = [name]
        if let source = sources.first(where: { $0.name == name.source }) {
            let late = source.tags.first { $0.name == name.tag }?.late ?? source.late
            result.delay = source.every + late
        }
        return result
    }

    private func word(_ name: String) -> Reliance {
        switch words.first(where: { $0.name == name })?.meaning {
        case .condition(let condition): reliance(on: condition)
        case .measure(let measure, _): reliance(on: measure)
        case nil: Reliance()
        }
    }
}
