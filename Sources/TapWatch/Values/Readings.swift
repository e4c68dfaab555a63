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
    /// Of what is said as a text.
    private var texts: [String?]

    init(_ entries: [(name: String, scale: Scale)]) {
        names = entries.map(\.name)
        scales = entries.map(\.scale)
        spans = entries.map { _ in .unknown }
        truths = entries.map { _ in .unknown }
        words = entries.map { _ in -1 }
        texts = entries.map { _ in nil }
    }

    func say(_ place: Int, _ text: String) {
        if texts.indices.contains(place) { texts[place] = text }
    }

    func set(_ place: Int, _ span: ValueSpan, _ truth: Truth, word: Int) {
        spans[place] = span
        truths[place] = truth
        words[place] = word
    }

    /// Of those of these that the session has.
    func values(of wanted: [String]) -> [FindingValue] {
        wanted.compactMap { name in
            names.firstIndex(of: name).map { place in
                FindingValue(
                    name: name, isSaid: name.contains("."),
                    text: texts[place] ?? scales[place].text(spans[place], truths[place], words[place])
                )
            }
        }
    }
}
