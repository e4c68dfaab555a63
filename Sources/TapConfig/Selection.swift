public import TapCore

/// Lines picked from a board by name, in the order they were named.
public enum LineSelection: Sendable, Hashable {
    /// Lines of kernel chips.
    case wired([BoardLine])
    /// Lines of a simulated board, with what they do.
    case simulated([SimulatedLine])

    public var names: [String] {
        switch self {
        case .wired(let lines): lines.map(\.name)
        case .simulated(let lines): lines.map(\.name)
        }
    }
}

/// Channels picked from a board by address.
public enum ChannelSelection: Sendable, Hashable {
    /// The ADCs that have a picked channel, each with nothing but its picked channels. ADCs and channels are in the
    /// order they were named.
    case wired([BoardADC])
    /// Channels of a simulated board, with what they do, in the order they were named.
    case simulated([SimulatedChannel])

    /// `<adc>.<channel>` of each.
    public var addresses: [String] {
        switch self {
        case .wired(let adcs): adcs.flatMap { adc in adc.channels.map { "\(adc.name).\($0.name)" } }
        case .simulated(let channels): channels.map(\.name)
        }
    }
}

extension Board {
    private var place: NamedPlace { NamedPlace(text: "board \(quoted(name))", noun: "board", option: "--board") }

    /// Picks lines by name: on a simulated board from `simulated`, on any other from `lines`. Picking requests nothing.
    ///
    /// Names are exact, upper and lower case differ. No names pick no lines. May be called from any thread; never
    /// blocks.
    ///
    /// - Throws: `.notFound` for a name that the board does not have, with the nearest that it has; `.busy` for a name
    ///   that is given twice in `names`. The first such name counts.
    public func selectLines(named names: [String]) throws(TapError) -> LineSelection {
        if let simulated {
            let picked = try place.pick(names, kind: "line", from: simulated.lines.map { ($0.name, $0) })
            return .simulated(picked.map(\.item))
        }
        let picked = try place.pick(names, kind: "line", from: lines.map { ($0.name, $0) })
        return .wired(picked.map(\.item))
    }

    /// Picks channels by address: `adc.NAME`, or all of an ADC by `adc` or `adc.*`. On a simulated board from
    /// `simulated`, on any other from `adcs`. Picking opens nothing.
    ///
    /// Addresses are exact, upper and lower case differ. No addresses pick no channels. May be called from any thread;
    /// never blocks.
    ///
    /// - Throws: `.notFound` for an address that the board does not have, with the nearest that it has; `.busy` for a
    ///   channel that is named twice, as by `adc` and `adc.NAME`. The first such address counts.
    public func selectChannels(named addresses: [String]) throws(TapError) -> ChannelSelection {
        if let simulated {
            let picked = try place.pick(addresses, kind: "channel", from: simulated.channels.map { ($0.name, $0) })
            return .simulated(picked.map(\.item))
        }
        let all = adcs.indices.flatMap { index in
            adcs[index].channels.map { ("\(adcs[index].name).\($0.name)", (adc: index, channel: $0)) }
        }
        var selected: [BoardADC] = []
        var places: [Int: Int] = [:]
        for (_, item) in try place.pick(addresses, kind: "channel", from: all) {
            if let place = places[item.adc] {
                selected[place].channels.append(item.channel)
            } else {
                places[item.adc] = selected.count
                var adc = adcs[item.adc]
                adc.channels = [item.channel]
                selected.append(adc)
            }
        }
        return .wired(selected)
    }
}

extension Scenario {
    /// The scenario with nothing but these lines and channels, in the order they were named. What they do does not
    /// change by it.
    ///
    /// - Parameters:
    ///   - lines: names; nil: all.
    ///   - channels: addresses as for boards; nil: all.
    /// - Throws: as for boards.
    public func selecting(lines names: [String]?, channels addresses: [String]?) throws(TapError) -> Scenario {
        let place = NamedPlace(text: "scenario \(quoted(name))", noun: "scenario", option: "--sim")
        var selected = self
        if let names {
            selected.lines = try place.pick(names, kind: "line", from: lines.map { ($0.name, $0) }).map(\.item)
        }
        guard let addresses else { return selected }
        selected.converters = []
        let all = converters.indices.flatMap { index in
            converters[index].channels.map { ("\(converters[index].name).\($0.name)", (index, $0)) }
        }
        for (_, (index, channel)) in try place.pick(addresses, kind: "channel", from: all) {
            let name = converters[index].name
            let there = selected.converters.firstIndex { $0.name == name } ?? selected.converters.count
            if there == selected.converters.count {
                selected.converters.append(converters[index])
                selected.converters[there].channels = []
            }
            selected.converters[there].channels.append(channel)
        }
        return selected
    }
}

/// What names are picked from.
private struct NamedPlace {
    /// As "board 'x'".
    var text: String
    var noun: String
    /// That names it on the command line.
    var option: String

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
        let near = nearestNames(to: name, in: all).map { printable($0) }
        let remedy =
            near.isEmpty
            ? "the \(noun) has no \(kind)s"
            : "nearest names: \(near.joined(separator: ", ")); 'tap lines \(option) FILE' lists all"
        return TapError(.notFound, "\(kind) \(quoted(name))", "is not on \(text)", remedy: remedy)
    }
}
