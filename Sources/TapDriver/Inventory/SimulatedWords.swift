import TapCore

extension SimulatedLine {
    /// As "square 10 ms, duty 0.25, after 2 ms".
    var words: String {
        switch wave {
        case .constant: startsHigh ? "high" : "low"
        case .square(let period, let duty, let phase):
            "square \(period.words), duty \(LineTable.number(duty))\(after(phase))"
        case .pulseTrain(let pulses, let width, let spacing, let every, let phase):
            pulses == 1
                ? "a pulse of \(width.words) each \(every.words)\(after(phase))"
                : "\(pulses) pulses of \(width.words), one each \(spacing.words), again each \(every.words)\(after(phase))"
        }
    }

    private func after(_ phase: Nanoseconds) -> String { phase == .zero ? "" : ", after \(phase.words)" }
}

extension SimulatedChannel {
    /// As "sine 20 ms, 1.65 ± 1 V, 100/s, 12 bits".
    var words: String {
        let rest = "\(LineTable.number(rate_hz))/s, \(bits) bits"
        return wave == .constant
            ? "constant \(LineTable.number(offset)) \(unit), \(rest)"
            : "\(wave.rawValue) \(period.words), \(LineTable.number(offset)) ± \(LineTable.number(amplitude)) \(unit), \(rest)"
    }
}

extension Nanoseconds {
    /// In the largest unit of which it is a whole number, as "250 us".
    var words: String {
        for (unit, size) in [("s", Int64(1_000_000_000)), ("ms", 1_000_000), ("us", 1000)]
        where count != 0 && count % size == 0 {
            return "\(count / size) \(unit)"
        }
        return "\(count) ns"
    }
}
