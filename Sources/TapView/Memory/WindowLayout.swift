public import TapConfig
public import TapCore

/// Where a session has what a site names.
public struct WindowLayout: Sendable {
    struct Channel: Sendable {
        var lane: Int
        var info: ChannelInfo
        /// base = `zero` + value * `slope`, of a value in the channel's unit.
        var zero: Double
        var slope: Double
        var trusted: ClosedRange<Double>?

        /// All samples of a block, in the SI's base; NaN: outside of what can be trusted.
        func read(_ block: ScanBlock, _ raw: RawSpan, into samples: inout [Double]) {
            samples.removeAll(keepingCapacity: true)
            for scan in 0..<block.count {
                let value = info.value(in: raw, at: scan * block.bytesPerScan + info.byteOffset)
                let isTrusted = trusted.map { $0.contains(value) } ?? true
                samples.append(isTrusted ? zero + value * slope : .nan)
            }
        }
    }

    struct Tag: Sendable {
        var lane: Int
        var zero: Double
        var size: Double
        var words: [String]
        var isBool: Bool

        /// In the SI's base, or the place of a word; NaN: not known, or a text that is none of the words.
        func value(of claim: Claim) -> (value: Double, text: String?) {
            guard claim.quality != .bad else { return (.nan, nil) }
            switch claim.value {
            case .bool(let isTrue): return (isTrue ? 1 : 0, nil)
            case .number(let number) where isBool: return (number == number ? number != 0 ? 1 : 0 : .nan, nil)
            case .number(let number) where !words.isEmpty: return (number, nil)
            case .number(let number): return (zero + number * size, nil)
            case .text(let said):
                return (words.firstIndex(of: said.text).map(Double.init) ?? .nan, printable(said.text))
            }
        }
    }

    public private(set) var lanes: [Lane] = []
    /// By the numbers of the session's tables; nil: the site has no use for it.
    private(set) var lines: [Int?]
    private(set) var channels: [[Channel]]
    private(set) var tags: [Tag?]
    /// Bytes of a scan of each device, and its channels' source.
    public let sources: [String]
    private(set) var sourceOfLine: [Int] = []
    private(set) var sourceOfDevice: [Int] = []
    private(set) var sourceOfTag: [Int] = []
    let lineShifts: [Nanoseconds]
    let deviceShifts: [Nanoseconds]
    let tagShifts: [Nanoseconds]
    let otherShift: Nanoseconds
    let origin: Timestamp

    public init(_ site: Site, _ header: SessionHeader) {
        func shift(_ subject: Gap.Subject) -> Nanoseconds {
            header.clock(of: subject).offsetToMonotonic - (header.origin - .zero)
        }
        lineShifts = header.lines.map { shift(.line($0.id)) }
        deviceShifts = header.devices.map { shift(.device($0.id)) }
        tagShifts = header.tags.map { shift(.tag($0.id)) }
        otherShift = shift(.notes)
        origin = header.origin
        lines = Array(repeating: nil, count: header.lines.count)
        channels = Array(repeating: [], count: header.devices.count)
        tags = Array(repeating: nil, count: header.tags.count)
        sources = header.sources.map(\.name)
        for (number, source) in header.sources.enumerated() {
            sourceOfLine += source.lines.map { _ in number }
            sourceOfDevice += source.devices.map { _ in number }
            sourceOfTag += source.tags.map { _ in number }
        }
        for signal in site.signals where signal.role != .bus { add(signal, header) }
        for source in site.sources { for tag in source.tags { add(tag, of: source.name, site, header) } }
    }

    /// What the site names and the session has not: signals and tags.
    public var missing: [String] { lanes.filter { !$0.isCaptured }.map(\.name) }

    /// The places of all lanes as they are shown: claims follow the signal that they speak of.
    public var order: [Int] {
        let signals = lanes.indices.filter { lanes[$0].kind != .claim }
        let alone = lanes.indices.filter { lanes[$0].kind == .claim && lanes[$0].of == nil }
        return signals.flatMap { place in
            [place] + lanes.indices.filter { lanes[$0].kind == .claim && lanes[$0].of == lanes[place].name }
        } + alone
    }

    /// The lane of a signal or tag; nil: there is none.
    public func lane(named name: String) -> Int? { places[name] }

    private var places: [String: Int] = [:]

    private mutating func add(_ lane: Lane) -> Int {
        places[lane.name] = lanes.count
        lanes.append(lane)
        return lanes.count - 1
    }

    private mutating func add(_ signal: SiteSignal, _ header: SessionHeader) {
        switch signal.wire {
        case .line(let wire):
            let index = header.lines.firstIndex { $0.name == wire }
            let isCount = index.map { header.lines[$0].options.edges != .both } ?? (signal.role == .count)
            let lane = add(
                Lane(
                    name: signal.name, kind: isCount ? .count : .digital, unit: "", words: [], zero: 0, size: 1,
                    step: 1,
                    source: index.map { sourceOfLine[$0] },
                    isReread: index.map { header.sources[sourceOfLine[$0]].capabilities.contains(.readsLevels) }
                        ?? false))
            if let index { lines[index] = lane }
        case .channel(let wire):
            let (zero, size) = signal.base
            var lane = Lane(
                name: signal.name, kind: .analog, unit: signal.unit, words: [], zero: zero, size: size,
                step: signal.accuracy / size)
            for (number, device) in header.devices.enumerated() {
                guard
                    let info = device.channels.first(where: { "\(device.name).\($0.name)" == wire || $0.name == wire })
                else { continue }
                lane.source = sourceOfDevice[number]
                if let rate = device.rate_hz, rate > 1e-6 { lane.lasts = 2_000_000_000 + Int64(min(3e9 / rate, 1e18)) }
                let place = add(lane)
                let from: (low: Double, high: Double) = signal.scale?.from ?? (0, 1)
                let to: (low: Double, high: Double) = signal.scale?.to ?? (0, 1)
                let slope = (to.high - to.low) / (from.high - from.low)
                channels[number].append(
                    Channel(
                        lane: place, info: info, zero: to.low - from.low * slope, slope: slope, trusted: signal.trusted)
                )
                return
            }
            _ = add(lane)
        }
    }

    private mutating func add(_ tag: SiteTag, of source: String, _ site: Site, _ header: SessionHeader) {
        let index = header.tags.firstIndex { $0.source == source && $0.name == tag.name }
        let about = site.signal(of: tag)
        var (zero, size) = tag.base(ofUnit: tag.unit)
        var lane = Lane(
            name: "\(source).\(tag.name)", kind: .claim, unit: tag.unit, of: about?.name, words: [], zero: zero,
            size: size, step: tag.within.map { $0 / size } ?? tag.register?.resolution ?? 0)
        if let about, !about.isLine, about.dimension == tag.dimension {
            // Over the signal it is drawn in the signal's unit.
            (zero, size) = about.base
            (lane.unit, lane.zero, lane.size, lane.step) = (about.unit, zero, size, about.accuracy / size)
        }
        if case .words(let words) = tag.kind { lane.words = words }
        lane.source = index.map { sourceOfTag[$0] }
        let place = add(lane)
        guard let index else { return }
        let base = tag.base(ofUnit: header.tags[index].unit)
        tags[index] = Tag(
            lane: place, zero: base.zero, size: base.size, words: lane.words, isBool: tag.kind == .bool)
    }
}

extension SiteRegister {
    /// In the tag's unit: what its last digit is worth; nil: not one size.
    fileprivate var resolution: Double? {
        guard form != .float else { return nil }
        return abs((scale.to.high - scale.to.low) / (scale.from.high - scale.from.low))
    }
}

extension Site {
    /// The one signal that a tag is compared with; nil: none, or several.
    func signal(of tag: SiteTag) -> SiteSignal? {
        let names: Set<String> =
            switch tag.agreement {
            case .condition(let condition): reliance(on: condition).signals
            case .measure(let measure): reliance(on: measure).signals
            case .edges(let line, _): [line]
            case .words, .approved, .clock, nil: []
            }
        guard names.count == 1, let name = names.first else { return nil }
        return signals.first { $0.name == name }
    }
}
