import TapCore

/// Far more than any plant has, and far from where sums lose their last digits.
private let largest = 1e12

extension DocumentReader {
    /// Rates beyond these would not fit whole nanoseconds between scans, or be no rate.
    package func rate(_ key: String, _ fields: Fields) -> Double? {
        number(key, fields, in: 1e-6...1e9, bounds: "from 0.000001 to 1000000000", example: "1000")
    }

    /// Any number that is not huge.
    package func value(_ key: String, _ fields: Fields, example: String = "5") -> Double? {
        number(
            key, fields, in: -largest...largest, bounds: "from -1000000000000 to 1000000000000",
            example: example)
    }

    /// A number from zero on that is not huge.
    package func size(_ key: String, _ fields: Fields, example: String = "1") -> Double? {
        number(key, fields, in: 0...largest, bounds: "from 0 to 1000000000000", example: example)
    }

    /// Two numbers, the second above the first.
    package func pair(_ key: String, _ fields: Fields, example: String) -> (Double, Double)? {
        guard let node = fields[key] else { return nil }
        let bounds = "from -1000000000000 to 1000000000000"
        guard case .list(let items) = node.value, items.count == 2 else {
            if case .refused = node.value { return nil }
            mistakes.add(
                node.position, "\(key) is \(node.kind), where a list of two numbers is expected",
                fix: "write for example \(example)")
            return nil
        }
        let values = items.map { item in
            number(item, "an end of \(key)", in: -largest...largest, bounds: bounds, example: "0")
        }
        guard let low = values[0], let high = values[1] else { return nil }
        return ordered(low, high, items[1].position, "the second number of \(key)")
    }

    /// Both, if the second is above the first, which is `what`.
    package func ordered(
        _ low: Double, _ high: Double, _ position: FilePosition, _ what: String
    ) -> (Double, Double)? {
        guard high > low else {
            mistakes.add(
                position, "\(what) is \(plain(high)), which is not above \(plain(low))", fix: "write a larger one")
            return nil
        }
        return (low, high)
    }
}

/// A number as a person writes it.
package func plain(_ value: Double) -> String {
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// In seconds, as "0.7 s".
func plain(_ time: Nanoseconds) -> String { "\(plain(Double(time.count) / 1e9)) s" }
