/// Words for units in the heads of tables.
enum CSVUnit {
    /// Of a time: its exponent in nanoseconds; nil: it is none.
    static func time(_ word: String) -> Int? {
        switch word.lowercased() {
        case "s", "sec", "second", "seconds", "sekunden": 9
        case "ms", "msec", "millisecond", "milliseconds": 6
        case "us", "\u{B5}s", "\u{3BC}s", "usec", "microsecond", "microseconds": 3
        case "ns", "nsec", "nanosecond", "nanoseconds": 0
        case "ps", "picosecond", "picoseconds": -3
        default: nil
        }
    }

    /// Of anything else, as it is to be written; nil: it is none.
    static func quantity(_ word: String) -> String? {
        switch word.lowercased() {
        case "volt", "volts": return "V"
        case "ampere", "amperes", "amp", "amps": return "A"
        case "watt", "watts": return "W"
        case "value", "unknown": return ""
        default: break
        }
        let prefixes = ["", "n", "u", "\u{B5}", "\u{3BC}", "m", "k", "M", "G"]
        let units = ["V", "A", "W", "Hz", "\u{3A9}", "Ohm", "Pa", "C", "F", "H", "VV", "AA"]
        let others = [
            "%", "K", "\u{B0}C", "degC", "\u{B0}F", "\u{B0}", "deg", "bar", "mbar", "m", "mm", "cm", "dB", "dBm",
            "dBV", "rpm", "1/min", "l/s", "l/min", "m3/h", "m\u{B3}/h", "kg", "g", "N", "Nm", "ADC", "raw",
        ]
        if others.contains(word) { return word }
        for prefix in prefixes where word.hasPrefix(prefix) && units.contains(String(word.dropFirst(prefix.count))) {
            return word
        }
        return nil
    }

    /// `name [unit]` or `name (unit)`; in round brackets only what is known as a unit, for there names have other words.
    static func split(_ cell: String) -> (name: String, unit: String?) {
        for (open, close) in [("[", "]"), ("(", ")")] as [(Character, String)] {
            guard cell.hasSuffix(close), let mark = cell.lastIndex(of: open) else { continue }
            let unit = String(cell[cell.index(after: mark)...].dropLast()).trimmed
            guard open == "[" || time(unit) != nil || quantity(unit) != nil else { continue }
            return (String(cell[..<mark]).trimmed, unit)
        }
        // Rigol: CH1V.
        let digits = cell.dropFirst(2).dropLast()
        if cell.hasPrefix("CH"), cell.hasSuffix("V"), !digits.isEmpty, digits.allSatisfy(\.isNumber) {
            return (String(cell.dropLast()), "V")
        }
        return (cell, nil)
    }

    /// Of a cell in a line that has nothing but units.
    static func alone(_ cell: String) -> String? {
        for (open, close) in [("[", "]"), ("(", ")")] where cell.hasPrefix(open) && cell.hasSuffix(close) {
            return String(cell.dropFirst().dropLast()).trimmed
        }
        return time(cell) != nil ? cell : quantity(cell)
    }
}
