package import TapCore

extension DocumentReader {
    /// A length of time as `10ms`, exact to the nanosecond. nil: there is none, or a mistake.
    ///
    /// The longest is a year, so that sums of a few durations never overflow.
    package func duration(_ key: String, _ fields: Fields, mayBeZero: Bool = false) -> Nanoseconds? {
        fields[key].flatMap { duration($0, key, mayBeZero: mayBeZero) }
    }

    package func duration(_ node: Node, _ key: String, mayBeZero: Bool) -> Nanoseconds? {
        guard let (text, _) = scalar(node, key, meant: "a time", example: "10ms") else { return nil }
        let subject = "\(key) \(printable(text, longest: 40))"
        do throws(DurationText.Problem) {
            let time = try DurationText.read(text)
            if time > .zero || mayBeZero { return time }
            return refuse(node, "\(subject) is zero", "", "write a time above 0")
        } catch {
            return refuse(node, subject, error, mayBeZero: mayBeZero)
        }
    }

    private func refuse(
        _ node: Node, _ subject: String, _ problem: DurationText.Problem, mayBeZero: Bool
    ) -> Nanoseconds? {
        let units = "a unit is ns, us, ms, s, m, h or d"
        func write(_ text: String?) -> String {
            text.map { "write \(printable($0, longest: 40))" } ?? "write for example 10ms"
        }
        return switch problem {
        case .notTime: refuse(node, "\(subject) is not a time", "which is a number and its unit", write(nil))
        case .noUnit(let number):
            refuse(node, "\(subject) has no unit", units, "write \(printable(number, longest: 40))ms")
        case .unknownUnit(let meant): refuse(node, "\(subject) has an unknown unit", units, write(meant))
        case .spaceBeforeUnit(let meant): refuse(node, "\(subject) has a space in it", "", write(meant))
        case .negative:
            refuse(node, "\(subject) is negative", "", mayBeZero ? "write 0s or more" : "write a time above 0")
        case .signed(let unsigned): refuse(node, "\(subject) has a sign", "", "write \(unsigned)")
        case .tooFine: refuse(node, "\(subject) is finer than a nanosecond", "", "write whole nanoseconds")
        case .tooLong: refuse(node, "\(subject) is too long", "", "write at most 365d")
        }
    }

    /// A length of time within bounds.
    package func duration(_ key: String, _ fields: Fields, within range: ClosedRange<Nanoseconds>) -> Nanoseconds? {
        guard let time = duration(key, fields, mayBeZero: range.lowerBound == .zero) else { return nil }
        guard range.contains(time) else {
            mistakes.add(
                fields.position(of: key), "\(key) \(DurationText.exact(time)) is out of range",
                fix:
                    "write a time from \(DurationText.exact(range.lowerBound)) to \(DurationText.exact(range.upperBound))"
            )
            return nil
        }
        return time
    }

    /// Times that grow; empty where there are none.
    package func times(_ key: String, _ fields: Fields) -> [Nanoseconds] {
        var times: [Nanoseconds] = []
        for node in list(key, fields, form: "- 1s", atLeastOne: true) {
            guard let time = duration(node, "an item of \(key)", mayBeZero: true) else { continue }
            if let last = times.last, time <= last {
                mistakes.add(
                    node.position, "an item of \(key) is not later than the one before it",
                    fix: "write the times in order, each once")
                continue
            }
            times.append(time)
        }
        return times
    }

    /// When a span that begins at `from` ends, by the keys `for` or `to`; nil: it does not end, or a mistake.
    package func end(_ fields: Fields, _ from: Nanoseconds?) -> Nanoseconds? {
        let span = duration("for", fields)
        let to = duration("to", fields)
        if fields["for"] != nil, let position = fields.keyPosition("to") {
            mistakes.add(position, "key 'to' conflicts with 'for'", fix: "delete one of the two")
            return nil
        }
        if let to, let from, to <= from {
            mistakes.add(
                fields.position(of: "to"), "to \(DurationText.exact(to)) is not after from \(DurationText.exact(from))",
                fix: "write a later time")
            return nil
        }
        return to ?? span.flatMap { span in from.map { $0 + span } }
    }

    private func refuse(_ node: Node, _ what: String, _ why: String, _ fix: String) -> Nanoseconds? {
        mistakes.add(node.position, what, why, fix: fix)
        return nil
    }
}
