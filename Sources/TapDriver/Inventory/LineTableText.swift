import TapCore

extension LineTable {
    /// For people: lines and channels, in columns, then remarks, notes and sources; a column in which nothing stands is left out.
    ///
    /// Ends with a newline.
    public var text: String {
        var parts: [String] = []
        let lineRows = lines.map { line in
            [
                line.name, line.pin, line.chip, line.offset.map { "\($0)" } ?? "", line.direction, line.user,
                line.function, line.kernelName == line.name ? "" : line.kernelName,
            ]
        }
        // Whether a line is free is never left out where it is known.
        let isKnown = lines.contains {
            $0.offset != nil && ![LineTable.missing, LineTable.notKnown].contains($0.direction)
        }
        let lineNames = ["line", "pin", "chip", "offset", "direction", "used by", "function", "kernel's name"]
        parts.append(
            lines.isEmpty
                ? "no GPIO line ('tap doctor' gives the reason)"
                : LineTable.columns(lineNames, lineRows, right: [3], kept: isKnown ? [5] : []))
        let isLocal = channels.allSatisfy { $0.context == "local:" }
        let channelRows = channels.map { channel in
            [
                channel.name, channel.pin, isLocal ? "" : channel.context, channel.device, channel.id,
                channel.direction, channel.unit, channel.scale.map(LineTable.number) ?? "",
                channel.offset.map(LineTable.number) ?? "", channel.how,
            ]
        }
        let channelNames = [
            "channel", "pin", "context", "device", "id", "direction", "unit", "scale", "offset", "samples",
        ]
        parts.append(
            channels.isEmpty
                ? "no ADC channel ('tap doctor' gives the reason)"
                : LineTable.columns(channelNames, channelRows, right: [7, 8]))
        if !remarks.isEmpty {
            parts.append(remarks.map { "! \(printable($0, longest: .max))" }.joined(separator: "\n"))
        }
        for (title, texts) in [("notes", notes), ("sources", sources)] where !texts.isEmpty {
            parts.append(([title] + texts.map { "- \(printable($0, longest: .max))" }).joined(separator: "\n"))
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    /// - Parameters:
    ///   - right: columns that are flush right.
    ///   - kept: columns that stand there even if nothing stands in them.
    static func columns(
        _ names: [String], _ rows: [[String]], right: Set<Int>, kept: Set<Int> = []
    ) -> String {
        let rows = rows.map { $0.map { printable($0, longest: .max) } }
        let used = names.indices.filter { column in kept.contains(column) || rows.contains { !$0[column].isEmpty } }
        let cells = ([names] + rows).map { row in used.map { row[$0].isEmpty ? "-" : row[$0] } }
        let flushRight = Set(used.indices.filter { right.contains(used[$0]) })
        return textTable(cells, flushRight: flushRight).joined(separator: "\n")
    }

    /// Six significant digits: what is shown of a scale. JSON has all of them.
    package static func number(_ value: Double) -> String {
        if let whole = Int(exactly: value), whole.magnitude < 1_000_000 { return "\(whole)" }
        guard value.isFinite, value != 0 else { return "\(value)" }
        var power = 1.0
        var digits = value.magnitude
        while digits < 100_000 {
            digits *= 10
            power *= 10
        }
        while digits >= 1_000_000 {
            digits /= 10
            power /= 10
        }
        let rounded = digits.rounded() / power
        return "\(value < 0 ? -rounded : rounded)"
    }
}
