import TapConfig
import TapCore

/// What the graph's lines, channels and tags are at the instant up to which a watch has decided, for the sentences of findings.
/// Not safe to use from two threads at once.
final class Readings {
    /// How a value is read by people.
    struct Scale {
        var zero = 0.0
        var size = 1.0
        var unit = ""
        /// In the unit: what is less does not matter.
        var step = 0.0
        var isLine = false
        /// A clock, of which the value is how far it is ahead.
        var isClock = false
        var isChannel = false
        var words: [String] = []

        func text(_ span: ValueSpan, _ truth: Truth, _ word: Int) -> String? {
            if isLine { return truth == .unknown ? nil : truth == .true ? "high" : "low" }
            if words.indices.contains(word) { return words[word] }
            if isClock {
                let seconds = (span.low + span.high) / 2
                return span.isKnown ? "\(number(abs(seconds))) s \(seconds < 0 ? "behind" : "ahead")" : nil
            }
            if span.isKnown {
                return number(((span.low + span.high) / 2 - zero) / size) + (unit.isEmpty ? "" : " \(unit)")
            }
            return truth == .unknown ? nil : truth.description
        }

        private func number(_ value: Double) -> String {
            var power = 1.0
            while power < 1e6, 1 / power > step { power *= 10 }
            // Nothing is -0.
            return abs(value) < 1e9 ? plain((value * power).rounded() / power + 0) : plain(value)
        }
    }

    private let names: [String]
    private let scales: [Scale]
    private var spans: [ValueSpan]
    private var truths: [Truth]
    private var words: [Int]
    /// Of what is said as a text, and when that was.
    private var texts: [(text: String, time: Int64?)?]
    /// Since when each is unknown; `Int64.min`: it was never known; nil: it is known.
    private var unknownSince: [Int64?]
    private var isLost: [Bool]
    /// Of tags: something was claimed.
    private var isHeard: [Bool]
    /// Of channels.
    private var rates: [RateMemory?]

    init(_ entries: [(name: String, scale: Scale)]) {
        names = entries.map(\.name)
        scales = entries.map(\.scale)
        spans = entries.map { _ in .unknown }
        truths = entries.map { _ in .unknown }
        words = entries.map { _ in -1 }
        texts = entries.map { _ in nil }
        unknownSince = entries.map { _ in .min }
        isLost = entries.map { _ in false }
        isHeard = entries.map { _ in false }
        rates = entries.map { $0.scale.isChannel ? RateMemory() : nil }
    }

    /// - Parameters:
    ///   - text: nil: it is not known.
    ///   - time: nil: when the finding is known that says it.
    func say(_ place: Int, _ text: String?, at time: Int64?) {
        if texts.indices.contains(place) { texts[place] = text.map { ($0, time) } }
    }

    func set(
        _ place: Int, _ span: ValueSpan, _ truth: Truth, word: Int, isLost: Bool, isHeard: Bool, at time: Int64
    ) {
        if span.isKnown || truth != .unknown || word >= 0 {
            unknownSince[place] = nil
        } else if unknownSince[place] == nil {
            unknownSince[place] = time
        }
        self.isLost[place] = isLost
        self.isHeard[place] = isHeard
        spans[place] = span
        truths[place] = truth
        words[place] = word
        if let due = rates[place]?.due, time >= due || !span.isKnown {
            rates[place]?.add((span.low + span.high) / 2, at: time)
        }
    }

    /// How fast a channel changes, in the SI's base, where that is more than its accuracy; nil: not known, or it stands.
    func trend(of name: String) -> (perSecond: Double, last: Double, text: String)? {
        guard let place = names.firstIndex(of: name) else { return nil }
        let scale = scales[place]
        guard let rate = rates[place]?.rate(beyond: 3 * scale.step * scale.size),
            abs(rate.change) > scale.step * scale.size, rate.perSecond != 0
        else { return nil }
        let perMinute = abs(rate.perSecond * 60 / scale.size)
        var power = 1.0
        while power < 1e6, perMinute * power < 10 { power *= 10 }
        let number = plain((perMinute * power).rounded() / power)
        return (
            rate.perSecond, rate.last, "\(rate.perSecond > 0 ? "rising" : "falling") \(number) \(scale.unit)/min"
        )
    }

    /// Whether a signal or tag of that name is known.
    func isKnown(_ name: String) -> Bool {
        names.firstIndex(of: name).map { unknownSince[$0] == nil } ?? false
    }

    /// Why nothing is known of a signal or tag; nil: it is known, or its value is not kept.
    func blindness(of name: String) -> BlindReason? {
        guard let place = names.firstIndex(of: name), let since = unknownSince[place] else { return nil }
        if since == .min {
            if isLost[place] { return BlindReason(.lost, of: name) }
            return BlindReason(isHeard[place] ? .neverUnderstood : .nothingYet, of: name)
        }
        return BlindReason(isLost[place] ? .lost : .unknownSince, of: name, time: Nanoseconds(since))
    }

    /// Of those of these that the session has.
    ///
    /// - Parameter now: since the session's start; nil: nobody asks how old what is said is.
    func values(of wanted: [String], at now: Nanoseconds? = nil) -> [FindingValue] {
        wanted.compactMap { name in
            names.firstIndex(of: name).map { place in
                var value = FindingValue(
                    name: name, isSaid: name.contains(".") && !name.contains(" "),
                    text: texts[place]?.text ?? scales[place].text(spans[place], truths[place], words[place]))
                if let now, let time = texts[place]?.time {
                    (value.time, value.age) = (Nanoseconds(time), now - Nanoseconds(time))
                }
                return value
            }
        }
    }
}
