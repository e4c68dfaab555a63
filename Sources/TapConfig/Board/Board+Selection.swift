public import TapCore

extension Board {
    var place: NamedPlace {
        NamedPlace(
            text: "board \(quoted(name))", noun: "board", option: "--board", lines: lines.map(\.name),
            channels: adcs.flatMap { adc in adc.channels.map { "\(adc.name).\($0.name)" } },
            pins: Dictionary(lines.filter { !$0.pin.isEmpty }.map { ($0.pin, $0.name) }) { first, _ in first })
    }

    /// Picks lines by name. Picking requests nothing.
    ///
    /// Names are exact, upper and lower case differ. No names pick no lines. May be called from any thread; never
    /// blocks.
    ///
    /// - Returns: them, in the order they were named.
    /// - Throws: `.notFound` for a name that the board does not have, with the nearest that it has; `.busy` for a name
    ///   that is given twice in `names`. The first such name counts.
    public func selectLines(named names: [String]) throws(TapError) -> [BoardLine] {
        try place.pick(names, kind: "line", from: lines.map { ($0.name, $0) }).map(\.item)
    }

    /// Picks channels by address: `adc.NAME`, or all of an ADC by `adc` or `adc.*`. Picking opens nothing.
    ///
    /// Addresses are exact, upper and lower case differ. No addresses pick no channels. May be called from any thread;
    /// never blocks.
    ///
    /// - Returns: the ADCs that have a picked channel, each with nothing but its picked channels. ADCs and channels are
    ///   in the order they were named.
    /// - Throws: `.notFound` for an address that the board does not have, with the nearest that it has; `.busy` for a
    ///   channel that is named twice, as by `adc` and `adc.NAME`. The first such address counts.
    public func selectChannels(named addresses: [String]) throws(TapError) -> [BoardADC] {
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
        return selected
    }
}
