import TapCore

extension SiteReader {
    /// A number with its unit; nil: there is none, or a mistake.
    func quantity(_ key: String, _ fields: Fields, example: String) -> Quantity? {
        fields[key].flatMap { quantity($0, key, example: example) }
    }

    func quantity(_ node: Node, _ key: String, example: String) -> Quantity? {
        guard let (text, _) = scalar(node, key, meant: "a quantity", example: example) else { return nil }
        return quantity(text, node.position, key, example: example)
    }

    func quantity(_ text: String, _ position: FilePosition, _ key: String, example: String) -> Quantity? {
        do throws(Quantity.Problem) { return try Quantity(text) } catch {
            report(error, "\(key) \(printable(text, longest: 40))", position, example: example)
            return nil
        }
    }

    func report(_ problem: Quantity.Problem, _ subject: String, _ position: FilePosition, example: String) {
        let (what, fix) = problem.words(subject, example: example)
        mistakes.add(position, what, fix: fix)
    }

    /// A quantity of one kind, as large as it is; of degC there is none.
    func quantity(
        _ key: String, _ fields: Fields, of dimension: Dimension, example: String, isDifference: Bool = true
    ) -> Double? {
        guard let quantity = quantity(key, fields, example: example) else { return nil }
        return size(quantity, of: dimension, key, fields.position(of: key), isDifference: isDifference)
    }

    func size(
        _ quantity: Quantity, of dimension: Dimension, _ key: String, _ position: FilePosition,
        isDifference: Bool = true
    ) -> Double? {
        guard quantity.dimension == dimension else {
            mistakes.add(
                position, "\(key) \(quantity.text) is \(quantity.dimension.words)",
                "where \(dimension.words) is expected",
                fix: dimension == .number ? "write it without a unit" : "write it in \(dimension.unit) or the like")
            return nil
        }
        if isDifference, quantity.isCelsius {
            mistakes.add(
                position, "\(key) \(quantity.text) is a temperature", "where a difference of two is expected",
                fix: "write it in K")
            return nil
        }
        if isDifference, quantity.value < 0 {
            mistakes.add(position, "\(key) \(quantity.text) is negative", fix: "write it without '-'")
            return nil
        }
        return quantity.value
    }

    /// A length of time, in which `m` is no minute: beside levels in metres nobody would see which is meant.
    func time(_ key: String, _ fields: Fields, mayBeZero: Bool = false) -> Nanoseconds? {
        fields[key].flatMap { time($0, key, mayBeZero: mayBeZero) }
    }

    func time(_ node: Node, _ key: String, mayBeZero: Bool = false) -> Nanoseconds? {
        if case .scalar(let text, _) = node.value, text.last == "m", isDigits(text.dropLast().filter { $0 != "." }) {
            mistakes.add(
                node.position, "\(key) \(printable(text, longest: 40)) is a length in metres",
                "where a time is expected",
                fix: "write \(printable(String(text.dropLast()), longest: 40))min for minutes")
            return nil
        }
        return duration(node, key, mayBeZero: mayBeZero)
    }

    /// `3 polls`, or a time.
    func span(_ key: String, _ fields: Fields, mayBeZero: Bool = false) -> SiteSpan? {
        guard let node = fields[key] else { return nil }
        if case .scalar(let text, _) = node.value, text.hasSuffix(" polls") || text.hasSuffix(" poll") {
            let digits = text.prefix { $0 != " " }
            let range = (mayBeZero ? 0 : 1)...100_000
            guard isDigits(digits), let count = Int(digits), range.contains(count) else {
                mistakes.add(
                    node.position, "\(key) \(printable(text, longest: 40)) is no number of polls",
                    fix: "write \(range.lowerBound) to \(range.upperBound) polls")
                return nil
            }
            return .polls(count)
        }
        return time(node, key, mayBeZero: mayBeZero).map { .time($0) }
    }

    /// `4..20 mA`: both ends, in the SI's base, and the unit as it is written.
    func ends(
        _ text: some StringProtocol, _ position: FilePosition, _ key: String, example: String
    ) -> (low: Double, high: Double, dimension: Dimension, unit: String)? {
        let trimmed = text.drop { $0 == " " }
        guard let dots = trimmed.firstRange(of: "..") else {
            mistakes.add(
                position, "\(key) has no range '\(printable(String(trimmed), longest: 40))'",
                "which is two numbers with .. between them and a unit", fix: "write for example \(example)")
            return nil
        }
        let low = String(trimmed[..<dots.lowerBound])
        var rest = String(trimmed[dots.upperBound...])
        while rest.last == " " { rest.removeLast() }
        let digits = rest.prefix { $0 == "-" || $0 == "." || ($0.isASCII && $0.isNumber) }
        let unit = String(rest.dropFirst(digits.count).drop { $0 == " " })
        guard let first = quantity(unit.isEmpty ? low : "\(low) \(unit)", position, key, example: example),
            let second = quantity(rest, position, key, example: example)
        else { return nil }
        return (first.value, second.value, second.dimension, unit)
    }

    /// `4..20 mA = 0..5 m`: what one range becomes in the other, each in the SI's base.
    func mapping(
        _ key: String, _ fields: Fields, example: String
    ) -> (scale: LinearScale, from: (Dimension, String), to: (Dimension, String))? {
        guard let node = fields[key],
            let (text, _) = scalar(node, key, meant: "two ranges", example: example)
        else { return nil }
        let sides = text.split(separator: "=", omittingEmptySubsequences: false)
        guard sides.count == 2 else {
            mistakes.add(
                node.position, "\(key) \(quoted(text)) is not two ranges with = between them",
                fix: "write for example \(example)")
            return nil
        }
        guard let from = ends(sides[0], node.position, key, example: example),
            let to = ends(sides[1], node.position, key, example: example)
        else { return nil }
        guard from.high > from.low, to.high != to.low else {
            mistakes.add(
                node.position, "\(key) \(quoted(text)) has a range that does not grow", fix: "write the lower end first"
            )
            return nil
        }
        return (
            LinearScale(from: (from.low, from.high), to: (to.low, to.high)), (from.dimension, from.unit),
            (to.dimension, to.unit)
        )
    }
}
