import TapClaims
public import TapConfig
public import TapCore
import TapDecode
import TapDriver
import TapFormats

extension SessionPlan {
    /// Adds the claims of a site that are heard on lines of this session's sources, those that others write into files or
    /// through sockets, and those that are asked for or given by a broker where its wires are there: a simulation or a replay asks
    /// nobody, and subscribes to nothing. Before
    /// the session is opened.
    ///
    /// - Throws: what the site says of a source that cannot be; two sources of one name.
    public mutating func hear(_ site: Site) throws(TapError) {
        for source in site.sources {
            try ask(source)
            try subscribe(source)
            if case .file(let path) = source.origin { try give(path, [source], site) }
            guard case .heard = source.origin else { continue }
            try checkName(source.name)
            try hear(source, of: site)
        }
        try listen(site)
    }

    /// Takes claims through Unix sockets, where the session's time is real. A simulation may be spoken beside too.
    private mutating func listen(_ site: Site) throws(TapError) {
        switch (wires, options.speed) {
        case (.board, _), (.scenario, nil), (.scenario, .times(1)): break
        default: return
        }
        // A simulation ends once all that make it up have.
        var length: Nanoseconds?
        if case .scenario = wires { length = options.duration }
        let clock = options.speed == nil ? nil : time.clock
        let offset: @Sendable () -> Nanoseconds = { clock.map { $0.now() - SystemClock().now() } ?? .zero }
        var paths: [String] = []
        for path in site.sources.compactMap(\.socket) where !paths.contains(path) { paths.append(path) }
        for path in paths {
            let sources = site.sources.filter { $0.socket == path && !($0.tags.isEmpty && $0.writes == nil) }
            guard !sources.isEmpty else { continue }
            for source in sources { try checkName(source.name) }
            add(
                SocketSource(
                    path, try site.claims(through: sources), firstTag: nextTag(), length: length, offset: offset),
                lines: 0, devices: 0)
        }
    }

    private mutating func hear(_ source: SiteClaimSource, of site: Site) throws(TapError) {
        guard case .heard(let names, _, _) = source.origin else { return }
        let signals = names.compactMap { name in site.signals.first { $0.name == name } }
        let lines = signals.compactMap { if case .line(let line) = $0.wire { line } else { nil } }
        guard !lines.isEmpty, lines.count == names.count, let uart = signals.first?.uart else {
            throw TapError(.configuration, source.name, "is heard on what is no line", remedy: "change its 'heard'")
        }
        let feed = HeardFeed(lines: lines)
        let heard = try HeardSource(
            source, UARTFormat(uart, subject: signals[0].name), feed, tick: time.tick, firstTag: nextTag())
        add(heard, lines: 0, devices: 0)
        self.heard.append(feed)
    }

    private mutating func ask(_ source: SiteClaimSource) throws(TapError) {
        guard case .board = wires, let polled = try PolledSource(source, firstTag: nextTag(), clock: time.clock) else {
            return
        }
        try checkName(source.name)
        add(polled, lines: 0, devices: 0)
    }

    private mutating func subscribe(_ source: SiteClaimSource) throws(TapError) {
        guard case .board = wires, let given = try BrokerSource(source, firstTag: nextTag(), clock: time.clock) else {
            return
        }
        try checkName(source.name)
        add(given, lines: 0, devices: 0)
    }

    /// The same, of those that no source of this session makes: a screen that a scenario plays, or a file, has them already.
    /// What is said on no line of the session is left out. Of what a bus of the session carries, writes are heard in any case.
    public mutating func hearOthers(_ site: Site) throws(TapError) {
        var others = site
        let infos = sources.map(\.info)
        others.sources.removeAll { source in
            if case .poll = source.origin { return false }
            if case .broker = source.origin { return false }
            let isMade = infos.contains { info in info.tags.contains { $0.source == source.name } }
            if case .file = source.origin { return isMade }
            if source.socket != nil { return isMade }
            guard case .heard(let names, _, _) = source.origin else { return true }
            return isMade || !site.areThere(names, infos)
        }
        try hear(others)
        for var source in site.sources {
            guard case .heard(let names, _, _) = source.origin, source.writes != nil, site.areThere(names, infos),
                !sources.contains(where: {
                    $0.info.tags.contains { $0.source == source.name && $0.name == BusWrite.tag }
                })
            else { continue }
            source.tags = []
            try hear(source, of: site)
        }
    }

    /// Adds the claims of a capture, which begins with the session. Before that is opened.
    ///
    /// - Throws: two sources of one name.
    public mutating func give(_ reader: consuming any CaptureReader & ~Copyable) throws(TapError) {
        let header = reader.header
        for tag in header.tags { try checkName(tag.source) }
        let selection = ReplaySelection(claimsOf: header, firstTag: nextTag())
        add(ReplaySource(reader, selection), lines: 0, devices: 0)
    }

    func checkName(_ name: String) throws(TapError) {
        let names = sources.flatMap { $0.info.tags.map(\.source) }
        guard !names.contains(name) else {
            throw TapError(
                .configuration, name, "makes claims here already", remedy: "give the source of the site another name")
        }
    }

    /// The session's number of the first tag of a source that is added.
    func nextTag() -> UInt16 {
        sources.flatMap { $0.info.tags.map { $0.id.index + 1 } }.max() ?? 0
    }
}

extension Site {
    /// Whether one of these sources captures all lines of these signals.
    fileprivate func areThere(_ names: [String], _ infos: [SourceInfo]) -> Bool {
        let lines = signals.compactMap { signal -> String? in
            if case .line(let line) = signal.wire, names.contains(signal.name) { line } else { nil }
        }
        return infos.contains { info in
            lines.allSatisfy { name in info.lines.contains { $0.name == name } }
        }
    }
}
