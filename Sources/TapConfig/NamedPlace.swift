import TapCore

/// What names are picked from.
struct NamedPlace {
    /// As "board 'x'".
    var text: String
    var noun: String
    /// That names it on the command line.
    var option: String
    /// Everything that could be meant, for errors.
    var lines: [String]
    var channels: [String]
    /// Of lines, by header pin.
    var pins: [String: String] = [:]

    func pick<Item>(
        _ wanted: [String], kind: String, from all: [(name: String, item: Item)]
    ) throws(TapError) -> [(name: String, item: Item)] {
        let indices = Dictionary(all.indices.map { (all[$0].name, $0) }) { first, _ in first }
        var taken: Set<Int> = []
        var picked: [(name: String, item: Item)] = []
        for name in wanted {
            let found = indices[name].map { [$0] } ?? (kind == "channel" ? members(of: name, in: all.map(\.name)) : [])
            if found.isEmpty { throw unknown(kind, name, of: all.map(\.name)) }
            for index in found {
                guard taken.insert(index).inserted else {
                    let address = printable(all[index].name)
                    throw TapError(.busy, "\(kind) '\(address)'", "is named twice", remedy: "name it once")
                }
                picked.append(all[index])
            }
        }
        return picked
    }

    /// The channels of the ADC that `adc` or `adc.*` names.
    private func members(of wanted: String, in addresses: [String]) -> [Int] {
        let adc = wanted.hasSuffix(".*") ? String(wanted.dropLast(2)) : wanted
        guard !adc.contains(".") else { return [] }
        return addresses.indices.filter { addresses[$0].hasPrefix(adc + ".") }
    }

    private func unknown(_ kind: String, _ name: String, of all: [String]) -> TapError {
        // What begins so is more likely meant than what is merely as long.
        let begin = namesBeginning(with: name, in: all)
        let alike = nearestNames(to: name, in: all).filter { !begin.contains($0) }
        let near = (begin + alike.prefix(max(0, 3 - begin.count))).map { printable($0) }
        let remedy =
            elsewhere(kind, name)
            ?? (near.isEmpty
                ? "the \(noun) has no \(kind)s"
                : "nearest names: \(near.joined(separator: ", ")); 'tap lines \(option) FILE' lists all")
        return TapError(.notFound, "\(kind) \(quoted(name))", "is not on \(text)", remedy: remedy)
    }

    /// What the name is instead; nil: nothing that is known.
    private func elsewhere(_ kind: String, _ name: String) -> String? {
        if kind == "line", let line = pins[name] {
            return "that is the header pin of line '\(printable(line))': --line \(printable(line))"
        }
        if kind == "line", channels.contains(where: { $0 == name || $0.hasPrefix(name + ".") }) {
            return "it is a channel: --channel \(printable(name))"
        }
        if kind == "channel", lines.contains(name) { return "it is a line: --line \(printable(name))" }
        return nil
    }
}
