import TapConfig
import TapCore

/// Where the session has what a site names.
extension ValueCompiler {
    /// The signal, unless it is left out.
    private func signal(_ name: String) -> SiteSignal? {
        leftOut.contains(name) ? nil : site.signals.first { $0.name == name }
    }

    /// Where the session has the tag, unless its source is left out.
    private func index(of tag: String, _ source: String) -> Int? {
        leftOut.contains(source) ? nil : header.tags.firstIndex { $0.source == source && $0.name == tag }
    }

    func has(_ tag: String, of source: String) -> Bool { index(of: tag, source) != nil }

    func siteTag(_ name: TagName) -> (source: SiteClaimSource, tag: SiteTag)? {
        site.sources.first { $0.name == name.source }.flatMap { source in
            source.tags.first { $0.name == name.tag }.map { (source, $0) }
        }
    }

    /// - Parameter isCounted: its rising edges are enough.
    mutating func wire(_ name: String, isCounted: Bool = false) -> Int? {
        guard let signal = signal(name), case .line(let wire) = signal.wire,
            let index = header.lines.firstIndex(where: { $0.name == wire })
        else { return miss(name) }
        // A line of which only one kind of edge is captured has no level to know.
        let edges = header.lines[index].options.edges
        guard edges == .both || isCounted && edges == .rising else { return miss(name) }
        if let known = lines[index] { return known }
        let supply = supply(of: name)
        // It drops up to so long before the supply is seen to be gone.
        let settle = max(signal.settle, supply?.decay ?? .zero)
        lines[index] = add(ValueNode(kind: .line, left: supply?.node ?? -1, place: Int(settle.count)))
        return lines[index]
    }

    /// Of those that the session has; nil: it needs none.
    private mutating func supply(of name: String) -> (node: Int, decay: Nanoseconds)? {
        // What feeds itself, over however many others, is no supply of it.
        guard !supplying.contains(name), let (supplies, decay) = site.knownSupplies(of: name) else { return nil }
        supplying.insert(name)
        defer { supplying.remove(name) }
        let lines = supplies.filter { !supplying.contains($0) }.compactMap { wire($0) }
        guard var all = lines.first else { return nil }
        for line in lines.dropFirst() { all = add(ValueNode(kind: .and, left: all, right: line)) }
        return (add(ValueNode(kind: .supplied, left: all, place: Int(decay.count))), decay)
    }

    /// The channel as it is measured, whatever steps it makes: of one that is not watched for them, the channel.
    mutating func stepping(_ name: String) -> Int? {
        guard site.guarded.contains(where: { $0.name == name }) else { return node(of: .channel(name)) }
        if let known = unguarded[name] { return known }
        unguarded[name] = channel(name, isGuarded: false)
        return unguarded[name]
    }

    /// Whether the channel is not trusted.
    mutating func distrust(of name: String) -> Int? {
        guard node(of: .channel(name)) != nil, let flag = distrusts[name] else { return nil }
        return shared("\(name) distrusted", ValueNode(kind: .atLeast, left: flag, right: limit(0.5)))
    }

    /// - Parameters:
    ///   - asMeasured: in the channel's own unit, whether it is trusted or not, without its accuracy.
    ///   - isGuarded: steps that are too fast make it unknown, where the site says so.
    mutating func channel(_ name: String, asMeasured: Bool = false, isGuarded: Bool = true) -> Int? {
        guard !leftOut.contains(name) else { return miss(name) }
        guard let signal = signal(name), case .channel(let wire) = signal.wire else { return nil }
        for (number, device) in header.devices.enumerated() {
            guard let info = device.channels.first(where: { "\(device.name).\($0.name)" == wire || $0.name == wire })
            else { continue }
            let node = add(ValueNode(kind: .channel))
            let from: (low: Double, high: Double) = signal.scale?.from ?? (0, 1)
            let to: (low: Double, high: Double) = signal.scale?.to ?? (0, 1)
            let slope = (to.high - to.low) / (from.high - from.low)
            guard !asMeasured else {
                channels[number, default: []].append(
                    ScanReader.Channel(node: node, info: info, base: 0, slope: 1, trusted: nil, accuracy: 0))
                return node
            }
            var channel = ScanReader.Channel(
                node: node, info: info, base: to.low - from.low * slope, slope: slope, trusted: signal.trusted,
                accuracy: signal.accuracy)
            if isGuarded, let fastest = signal.fastest, let back = signal.backWithin {
                let flag = add(ValueNode(kind: .channel))
                distrusts[name] = flag
                channel.steps = StepGuard(
                    slack: 2 * signal.accuracy, fastest: fastest * 1e-9, back: back, start: start,
                    home: kept.distrusted[name])
                channel.name = name
                channel.flag = flag
            }
            channels[number, default: []].append(channel)
            guard let supply = supply(of: name) else { return node }
            return add(ValueNode(kind: .fed, left: node, right: supply.node))
        }
        return miss(name)
    }

    mutating func tag(_ name: TagName) -> Int? {
        guard let (source, _) = siteTag(name), let index = index(of: name.tag, name.source) else {
            return miss(name.description)
        }
        if let known = tags[index] { return known }
        tags[index] = add(ValueNode(kind: .tag, place: Int(ValueCompiler.silence(of: source).count)))
        return tags[index]
    }

    mutating func silent(_ name: String) -> Int? {
        guard let source = site.sources.first(where: { $0.name == name }),
            header.tags.contains(where: { $0.source == name }), !leftOut.contains(name)
        else { return miss(name) }
        let node = add(ValueNode(kind: .silent, place: Int(ValueCompiler.silence(of: source).count)))
        silences[name] = node
        return node
    }

    /// How long after its last claim a source counts as silent, and what it said as old.
    static func silence(of source: SiteClaimSource) -> Nanoseconds {
        (source.silentAfter ?? .polls(3)).time(every: source.every) + source.late
    }

    /// Of an atom without a site: a line, or a tag with its source.
    mutating func node(named text: String) -> Int? {
        if let index = header.lines.firstIndex(where: { $0.name == text && $0.options.edges == .both }) {
            let new = lines[index] ?? add(ValueNode(kind: .line))
            lines[index] = new
            return new
        }
        guard let index = header.tags.firstIndex(where: { "\($0.source).\($0.name)" == text }) else { return nil }
        let new = tags[index] ?? add(ValueNode(kind: .tag))
        tags[index] = new
        return new
    }

    func reader(of tag: TagInfo, _ index: Int) -> TagReader {
        let known = siteTag(TagName(source: tag.source, tag: tag.name))?.tag
        // Its own clock, and what the site does not ask for, a screen claims also while nobody answers it.
        let isHeard = known.map { $0.kind != .clock } ?? false
        var reader = TagReader(node: tags[index] ?? -1, silent: isHeard ? silences[tag.source] ?? -1 : -1)
        if isHeard, site.sources.first(where: { $0.name == tag.source })?.isByException == true {
            reader.kept = header.tags.indices.filter { header.tags[$0].source == tag.source }.compactMap { tags[$0] }
        }
        reader.flooded = flooded[tag.source] ?? -1
        if tag.name == BusWrite.tag, let node = written[tag.source] {
            reader.written = node
            reader.registers = watchedRegisters[tag.source] ?? []
            reader.allows = site.sources.first { $0.name == tag.source }
        }
        if let (node, tags) = repeating[tag.source], let place = tags.firstIndex(of: tag.name) {
            (reader.repeats, reader.place) = (node, place)
        }
        if let known {
            (reader.zero, reader.size) = known.base(ofUnit: tag.unit)
            if case .words(let words) = known.kind { reader.words = words }
            if known.kind == .clock {
                reader.clock = clock
                reader.tolerance_ns = Int64(((known.within ?? 0) * 1e9).rounded())
            }
        }
        return reader
    }
}
