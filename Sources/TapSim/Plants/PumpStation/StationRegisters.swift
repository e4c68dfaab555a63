import TapConfig
import TapDecode

/// The PLC's holding registers: what its programmers made of the tags. docs/pump-station.md has them as a table.
enum StationRegisters {
    static let unit: UInt8 = 1
    static let count: UInt16 = 19
    /// Of SP_START; the other set points follow.
    static let settings: UInt16 = 11
    /// Written only.
    static let command: UInt16 = 19
    /// Counts of the pressure's 4 mA, and of each mbar.
    private static let pressureOffset = 5_530.0
    private static let pressureSlope = 5.5295

    static func values(_ report: borrowing StationReport) -> [UInt16] {
        var words: [UInt16] = []
        words.reserveCapacity(Int(count))
        // A float, high word first.
        let level = Float(report.number(.level)).bitPattern
        words += [UInt16(truncatingIfNeeded: level >> 16), UInt16(truncatingIfNeeded: level)]
        words.append(UInt16(truncatingIfNeeded: report[.flow]))
        let pressure = pressureOffset + pressureSlope * Double(report[.pressure])
        words.append(UInt16(min(65_535, max(0, pressure.rounded()))))
        words += [UInt16(truncatingIfNeeded: report[.current1]), UInt16(truncatingIfNeeded: report[.current2])]
        words += long(report[.volume])
        words.append(bits(report, [.run1, .run2, .command1, .command2, .siren]))
        words.append(bits(report, [.alarmHigh, .alarmDry, .alarmPump1, .alarmPump2, .alarmLevel]))
        words.append(UInt16(truncatingIfNeeded: report[.mode1] | report[.mode2] << 2 | report[.mode] << 4))
        for tag in [StationTag.start, .stop, .lag, .high] { words.append(UInt16(truncatingIfNeeded: report[tag])) }
        words += long(report[.starts1]) + long(report[.starts2])
        return words
    }

    static func millimetres(_ metres: Double) -> UInt16 {
        UInt16(bitPattern: Int16(min(32_767, max(-32_768, (metres * 1_000).rounded()))))
    }

    /// Of 32 bits, low word first.
    private static func long(_ value: Int32) -> [UInt16] {
        let bits = UInt32(bitPattern: value)
        return [UInt16(truncatingIfNeeded: bits), UInt16(truncatingIfNeeded: bits >> 16)]
    }

    /// The first is bit 0.
    private static func bits(_ report: borrowing StationReport, _ tags: [StationTag]) -> UInt16 {
        var word: UInt16 = 0
        for (index, tag) in tags.enumerated() where report[tag] != 0 { word |= 1 << UInt16(index) }
        return word
    }
}
