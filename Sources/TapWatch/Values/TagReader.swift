import TapConfig
import TapCore

/// What a claim of one tag says to a graph.
struct TagReader: Sendable {
    /// -1: nobody asks for it.
    var node = -1
    /// Of its source's silence; -1: nobody asks.
    var silent = -1
    /// Nodes of all tags of its source, where what is not said again has not changed; empty: it must be said again.
    var kept: [Int] = []
    /// Of the repetition of its source's reports; -1: it is none of what is compared.
    var repeats = -1
    /// Its place in a report.
    var place = 0
    var zero = 0.0
    var size = 1.0
    var words: [String] = []
    /// Of its source's flood; -1: it is none of a source of the site.
    var flooded = -1
    /// Of what is written to its source; -1: it is something else.
    var written = -1
    /// What may be written.
    var allows: SiteClaimSource?
    /// Registers of which an approved value is expected, and where the last write to them is shown.
    var registers: [(register: SiteRegister, shown: Int)] = []
    /// It says the time, and counts by how much it is ahead; nil: it is no clock.
    var clock: (any ClockReader)?
    var tolerance_ns: Int64 = 0

    func take(_ claim: Claim, _ utc: SessionClock, _ graph: inout ValueGraph) {
        if flooded >= 0 { graph.count(flood: flooded) }
        for node in kept { graph.keep(tag: node) }
        if repeats >= 0 { graph.report(TagReader.digits(of: claim), of: place, repeats: repeats) }
        if written >= 0 {
            guard case .text(let text) = claim.value else { return }
            let write = BusWrite(text.text)
            for (register, shown) in registers {
                if write.map({ allows?.changes(register, $0) == true }) ?? true {
                    let said = write == nil ? FindingValue.noneHeard : text.text
                    graph.readings.say(shown, said, at: graph.now)
                }
            }
            return graph.write(written, write.map { allows?.allows($0) ?? true } == false ? text.text : nil)
        }
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
            case .number(let number) where clock != nil: span = ahead(zero + number * size, of: claim, utc)
            case .text(let text) where clock != nil:
                span = utc.ahead(
                    clock?.readings(of: text.text) ?? [], at: claim.time, tolerance_ns: tolerance_ns)
            case .number(let number):
                span = ValueSpan(zero + number * size)
                truth = number.isNaN ? .unknown : Truth(number != 0)
                word = Int(exactly: number) ?? -1
            case .text(let text): word = words.firstIndex { $0 == text.text } ?? -1
            }
        }
        graph.set(tag: node, span, truth, word: words.indices.contains(word) ? word : -1, silent: silent)
    }

    /// Of a time in seconds since 1970.
    private func ahead(_ seconds: Double, of claim: Claim, _ utc: SessionClock) -> ValueSpan {
        guard abs(seconds) < 9e9 else { return .unknown }
        let (begin, step) = (Int64((seconds * 1e9).rounded()), Int64((size * 1e9).rounded()))
        let reading = ClockReading(earliest_ns: begin, latest_ns: begin + max(0, step - 1))
        return utc.ahead([reading], at: claim.time, tolerance_ns: tolerance_ns)
    }

    func lose(_ graph: inout ValueGraph) {
        if node >= 0 { graph.lose(tag: node) }
        if silent >= 0 { graph.lose(silent: silent) }
        if written >= 0 { graph.lose(written: written) }
        for (_, shown) in registers { graph.readings.say(shown, nil, at: nil) }
        if repeats >= 0 { graph.lose(repeats: repeats) }
        if flooded >= 0 { graph.lose(flood: flooded) }
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
