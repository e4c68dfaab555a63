import TapConfig
import TapCore
import TapDecode
import TapFormats

extension MapProposal {
    /// For people: a table, what did not move, and what is not as it should be, with "!". Ends with a newline.
    public func text(of name: String) -> String {
        let moved = entries.filter { $0.verdict != .still }
        let (sure, probable) = (moved.count { $0.verdict == .sure }, moved.count { $0.verdict == .probable })
        let head = [
            ["heard", "\(name), \(answers) answers on \(buses.joined(separator: " and "))"],
            ["lasts", Words.span(span)],
            [
                "proposed",
                "of \(moved.count) registers or bits that moved: \(sure) sure, \(probable) probable, \(moved.count - sure - probable) with no wire",
            ],
        ]
        var parts = [textTable(head, flushRight: []).joined(separator: "\n")]
        if !moved.isEmpty {
            var rows = [["unit", "function", "register", "form", "wire", "relation", "lag", "moved", "verdict"]]
            rows += moved.map(row)
            parts.append(textTable(rows, flushRight: [0, 1, 7]).joined(separator: "\n"))
        }
        if let still { parts.append(still) }
        let doubts = doubts
        if !doubts.isEmpty { parts.append(doubts.map { "! \($0)" }.joined(separator: "\n")) }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private func row(_ entry: Entry) -> [String] {
        [
            "\(entry.unit)", "\(entry.table.rawValue)", entry.registers, entry.formText, printable(entry.wire ?? "-"),
            entry.relationText, entry.lagText, "\(entry.changes)", entry.verdictText,
        ]
    }

    private var still: String? {
        var lines: [String] = []
        let entries = entries.filter { $0.verdict == .still }
        for source in sources {
            var ranges = AddressRanges()
            for entry in entries where source.has(entry) { ranges.add(entry.address, count: 1) }
            guard !ranges.ranges.isEmpty else { continue }
            let text = ranges.ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            lines.append(
                "did not move: unit \(source.unit), function \(source.table.rawValue): \(text.joined(separator: " "))")
        }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }

    private var doubts: [String] {
        var doubts: [String] = []
        if answers == 0 { doubts.append("no answer was heard: look at --line and --uart with 'tap decode --modbus'") }
        if lossesOnBus > 0 {
            doubts.append(
                "edges of the bus were lost \(lossesOnBus) times: of bits and counters nothing is called sure")
        }
        if !lossyWires.isEmpty {
            doubts.append("edges were lost of \(names(lossyWires)): nothing is called sure of these lines")
        }
        if !busyWires.isEmpty {
            doubts.append(
                "more than \(LineTrace.most) changes of \(names(busyWires)): only counters are looked for with them; look at a shorter span"
            )
        }
        if thinned > 1 { doubts.append("of \(thinned) answers one was looked at; a shorter span shows more") }
        if otherAnswers > 0 { doubts.append("\(otherAnswers) answers to further questions were not looked at") }
        return doubts
    }

    private func names(_ wires: [String]) -> String { wires.map { printable($0) }.joined(separator: ", ") }
}

extension MapProposal.Entry {
    /// As `0`, `0-1` or `8.2`.
    public var registers: String {
        if let bit { return "\(address).\(bit)" }
        return words == 2 ? "\(address)-\(Int(address) + 1)" : "\(address)"
    }

    fileprivate var formText: String {
        if table.isBits || bit != nil { return "bit" }
        return "\(form.rawValue)\(words == 2 ? " 32" : "")\(isLowFirst ? ", low first" : "")"
    }

    fileprivate var relationText: String {
        switch relation {
        case .level(let isInverted)?: return isInverted ? "not its level" : "its level"
        case .count(let perEdge)?: return "+ \(MapProposal.number(perEdge)) each rising edge"
        case .value(let slope, let offset, let filter)?:
            let sign = offset < 0 ? "-" : "+"
            let filtered = filter > 0 ? ", filter \(MapProposal.number(filter, 2)) s" : ""
            return "x \(MapProposal.number(slope)) \(sign) \(MapProposal.number(abs(offset)))\(filtered)"
        case nil: return "-"
        }
    }

    fileprivate var lagText: String {
        guard let lag else { return "-" }
        let (low, high) = (Int((lag.lowerBound * 1e3).rounded()), Int((lag.upperBound * 1e3).rounded()))
        return "\(low)..\(high) ms"
    }

    /// With the rivals.
    var verdictText: String {
        guard !rivals.isEmpty else {
            return verdict.rawValue + (residual.map { ", within \(MapProposal.number($0 * 100, 2)) %" } ?? "")
        }
        return "\(verdict.rawValue): not distinguished from \(rivals.map { printable($0) }.joined(separator: ", "))"
    }
}

extension MapProposal {
    /// What the registers of one source of a site file are in.
    struct Source: Hashable {
        var unit: UInt8
        var table: ModbusTable

        func has(_ entry: Entry) -> Bool { entry.unit == unit && entry.table == table }
    }

    var sources: [Source] {
        var sources: [Source] = []
        for entry in entries where sources.last?.has(entry) != true {
            sources.append(Source(unit: entry.unit, table: entry.table))
        }
        return sources
    }

    /// With so many digits that count, and no exponent.
    static func number(_ value: Double, _ digits: Int = 4) -> String {
        guard value != 0, value.isFinite else { return "0" }
        var (behind, size) = (digits - 1, abs(value))
        while size >= 10, behind > -15 { (size, behind) = (size / 10, behind - 1) }
        while size < 1, behind < 15 { (size, behind) = (size * 10, behind + 1) }
        let power = (0..<max(0, behind)).reduce(1.0) { number, _ in number * 10 }
        let scaled = (abs(value) * power).rounded()
        guard scaled < 9e15 else { return "\(value)" }
        let digits = String(Int64(scaled))
        guard behind > 0 else { return (value < 0 ? "-" : "") + digits }
        let padded = String(repeating: "0", count: max(0, behind + 1 - digits.count)) + digits
        var text = padded.dropLast(behind) + "." + padded.suffix(behind)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return (value < 0 && scaled != 0 ? "-" : "") + text
    }
}
