import TapConfig
import TapCore
import TapDecode

extension MapProposal {
    /// `claims` of a site file, each line to be reviewed: a tag for each register or bit that moved, compared with its wire
    /// where one fits and no other. Ends with a newline; empty where nothing was heard.
    ///
    /// - Parameter names: of the wires, as the site's signals are called; a wire without one is only named in the comment.
    public var site: String {
        let sources = sources
        guard !sources.isEmpty else { return "" }
        let isWhole = buses.allSatisfy(MapProposal.isTerm)
        var text = """
            # To be reviewed by a person: what moved together need not belong together. Channels are in the unit of the
            # capture; where the site file says 'loop' of one, change 'raw' and 'within' to the unit of the loop.
            claims:

            """
        for (number, source) in sources.enumerated() {
            let name = sources.count == 1 ? "plc" : "plc\(number + 1)"
            let bus = buses.count == 1 ? buses[0] : "[\(buses.joined(separator: ", "))]"
            text += "  \(name):\n"
            text +=
                "    \(isWhole ? "" : "# ")from: {heard: \(bus), unit: \(source.unit), function: \(source.table.rawValue)}\n"
            let every = every[source] ?? .seconds(1)
            text += "    every: \(DurationText.exact(every))   # as it was heard\n"
            text += "    late: \(DurationText.exact(every))   # to be reviewed: how old a true value may be\n"
            text += "    silent-after: 3 polls\n    tags:\n"
            for entry in entries where source.has(entry) { text += tag(entry) }
        }
        return text
    }

    private func tag(_ entry: Entry) -> String {
        let letter = source(entry).table.isBits ? "B" : "R"
        let name = "\(letter)\(entry.address)" + (entry.bit.map { "_\($0)" } ?? "")
        guard entry.verdict != .still else { return stillTag(name, entry) }
        var members = ["at: \(entry.address)"]
        if entry.words == 2 { members.append("words: 2") }
        if entry.isLowFirst { members.append("order: low-first") }
        switch entry.form {
        case .float: members.append("float: true")
        case .signed: members.append("signed: true")
        case .unsigned: break
        }
        if let bit = entry.bit { members.append("bit: \(bit)") }
        members += agreement(entry)
        let wire = entry.wire.map { "\(printable($0)), " } ?? ""
        return "      \(name): {\(members.joined(separator: ", "))}   # to be reviewed: \(wire)\(entry.verdictText)\n"
    }

    private func stillTag(_ name: String, _ entry: Entry) -> String {
        let kind = entry.table.isBits ? "" : ", is: \"1\""
        return
            "      # \(name): {at: \(entry.address)\(kind)}   # \(entry.constant.map { "\($0), " } ?? "")did not move\n"
    }

    private func source(_ entry: Entry) -> Source { Source(unit: entry.unit, table: entry.table) }

    /// The members of a tag that say what it is, and what it is compared with.
    private func agreement(_ entry: Entry) -> [String] {
        let isCompared = entry.rivals.isEmpty && entry.wire.map(MapProposal.isTerm) == true
        let wire = isCompared ? entry.wire : nil
        switch entry.relation {
        case .level(let isInverted)?: return wire.map { ["of: \(isInverted ? "not " : "")\($0)"] } ?? []
        case .count(let perEdge)?:
            let each = ["is: \"\(MapProposal.number(1 / perEdge, 6))\""]
            return each + (wire.map { ["counts: \($0)"] } ?? [])
        case .value(let slope, let offset, let filter)?:
            return value(entry, slope, offset, filter, of: wire)
        case nil: return entry.bit == nil && !entry.table.isBits ? ["is: \"1\""] : []
        }
    }

    private func value(
        _ entry: Entry, _ slope: Double, _ offset: Double, _ filter_s: Double, of wire: String?
    ) -> [String] {
        guard let unit = units[entry.wire ?? ""], MapProposal.siteUnits.contains(unit), let low = entry.lowest,
            let high = entry.highest
        else { return ["is: \"1\""] }
        let isWhole = entry.form != .float
        let (from, to) = (MapProposal.end(low, isWhole), MapProposal.end(high, isWhole))
        guard let first = Double(from), let last = Double(to), last > first else { return ["is: \"1\""] }
        let ends = "\(MapProposal.number(first * slope + offset, 5))..\(MapProposal.number(last * slope + offset, 5))"
        var members = ["raw: \(from)..\(to) = \(ends) \(unit)"]
        guard let wire, let residual = entry.residual else { return members }
        members.append("of: \(wire)")
        members.append("within: \(MapProposal.number(abs(3 * residual * (high - low) * slope), 2)) \(unit)")
        members.append("hold: 3 polls")
        if filter_s > 0 { members.append("late: \(Int((4 * filter_s).rounded(.up)) + 1)s") }
        return members
    }

    /// Of what board files and captures convert to, those that a site file knows.
    private static let siteUnits: Set<String> = ["A", "mA", "V", "mV"]

    private static func end(_ number: Double, _ isWhole: Bool) -> String {
        isWhole ? "\(Int64(number.rounded()))" : MapProposal.number(number)
    }

    /// Whether a signal of a site may be called so.
    private static func isTerm(_ name: String) -> Bool {
        guard let first = name.utf8.first, isLetter(first), name.utf8.count <= 56 else { return false }
        return isMade(of: "_", name)
    }
}
