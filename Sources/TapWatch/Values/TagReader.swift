import TapConfig
import TapCore

/// What a claim of one tag says to a graph.
struct TagReader: Sendable {
    /// -1: nobody asks for it.
    var node = -1
    /// Of its source's silence; -1: nobody asks.
    var silent = -1
    /// Of the repetition of its source's reports; -1: it is none of what is compared.
    var repeats = -1
    /// Its place in a report.
    var place = 0
    var zero = 0.0
    var size = 1.0
    var words: [String] = []

    func take(_ claim: Claim, _ graph: inout ValueGraph) {
        if repeats >= 0 { graph.report(TagReader.digits(of: claim), of: place, repeats: repeats) }
        guard node >= 0 else {
            if silent >= 0 { graph.hear(silent: silent) }
            return
        }
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
        if repeats >= 0 { graph.lose(repeats: repeats) }
    }

    /// What is claimed, digit for digit.
    private static func digits(of claim: Claim) -> UInt64 {
        switch claim.value {
        case _ where claim.quality == .bad: 2
        case .bool(let isTrue): isTrue ? 1 : 0
        case .number(let number): number.bitPattern
        // FNV-1a.
        case .text(let text): text.text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        }
    }
}
