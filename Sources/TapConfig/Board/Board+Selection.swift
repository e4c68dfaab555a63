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
    ///   that stands twice in `names`. The first such name counts.
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
