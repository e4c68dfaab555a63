public import TapCore

extension Scenario {
    /// The scenario with nothing but these lines and channels, in the order they were named. What they do does not
    /// change by it.
    ///
    /// - Parameters:
    ///   - lines: names; nil: all.
    ///   - channels: addresses as for boards; nil: all.
    ///   - claims: tags of the plant's screen; nil: none, or all where no lines and channels are named either. One that
    ///     the plant does not have is for its source to find.
    ///   - board: whose scenario it is, for errors; nil: it stands alone.
    /// - Throws: as for boards.
    public func selecting(
        lines names: [String]?, channels addresses: [String]?, claims tags: [String]? = nil, of board: Board? = nil
    ) throws(TapError) -> Scenario {
        var place =
            board?.place
            ?? NamedPlace(
                text: "scenario \(quoted(name))", noun: "scenario", option: "--sim", lines: [], channels: [])
        place.lines = lines.map(\.name)
        place.channels = converters.flatMap { one in one.channels.map { "\(one.name).\($0.name)" } }
        var selected = self
        if names != nil || addresses != nil || tags != nil { selected.claims = tags ?? [] }
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
