import TapConfig
import TapCore

/// What a claim of one tag says to a graph.
struct TagReader: Sendable {
    /// -1: nobody asks for it.
    var node = -1
    /// Of its source's silence; -1: nobody asks.
    var silent = -1
    var zero = 0.0
    var size = 1.0
    var words: [String] = []

    func take(_ claim: Claim, _ graph: inout ValueGraph) {
        guard node >= 0 || silent >= 0 else { return }
        guard node >= 0 else { return graph.hear(silent: silent) }
        var (span, truth, word) = (ValueSpan.unknown, Truth.unknown, -1)
        if claim.quality != .bad {
            switch claim.value {
            case .bool(let isTrue):
                truth = Truth(isTrue)
                word = isTrue ? 1 : 0
            case .number(let number):
                span = ValueSpan(zero + number * size)
                truth = number.isNaN ? .unknown : Truth(number != 0)
                word = Int(exactly: number) ?? -1
            case .text(let text): word = words.firstIndex { $0 == text.text } ?? -1
            }
        }
        graph.set(tag: node, span, truth, word: words.indices.contains(word) ? word : -1, silent: silent)
    }

    func lose(_ graph: inout ValueGraph) {
        if node >= 0 { graph.lose(tag: node) }
        if silent >= 0 { graph.lose(silent: silent) }
    }
}
