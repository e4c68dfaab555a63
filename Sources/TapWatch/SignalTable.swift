public import TapConfig
public import TapCore

/// From records to atoms: what lines, channels and tags of a session say becomes what a `Watch` is given.
///
/// Everything is unknown until a record says it, and from a loss on until the next record does; docs/watch-semantics.md says the
/// rest. Records come as merge gives them, in order of time. Late ones change nothing. No allocation after birth. Not safe to use
/// from two threads at once.
public struct SignalTable: RecordSink, ~Copyable {
    /// What is asked for and the session has not, so that it is unknown for ever, which is to be reported: signals, tags and
    /// sources; where none is missing, atoms that nothing decides.
    public let unmatched: [String]
    public private(set) var watch: Watch
    private var graph: ValueGraph
    /// The node of each line, by index; -1: no rule asks for it.
    private let lines: ContiguousArray<Int>
    private let areOnlyCounted: ContiguousArray<Bool>
    private let tags: ContiguousArray<TagReader>
    /// Of each device; nil: no rule asks for any of its channels.
    private var devices: ContiguousArray<ScanReader?>
    private let counterNames: [(tag: TagName, each: Double)]
    /// The node of each work's permit, by its name.
    private let permits: [String: Int]
    /// The node of what is approved for each tag that is compared with that, by its name.
    private let approvals: [String: (node: Int, tag: SiteTag)]
    /// As of the last clock fix.
    private var clock = SessionClock()
    private var lateRecords = 0

    /// Records that came after their watermark.
    public var late: Int { lateRecords + graph.late }

    /// Watches what a site says.
    ///
    /// - Parameters:
    ///   - header: what the session has; times of records are those of the watch, whatever clocks it names.
    ///   - leftOut: signals and sources of claims that count as missing in the session.
    ///   - atoms: what each atom of the watch asks, as `RuleFormula.atoms` says.
    ///   - kept: of a watch before this one.
    ///   - clock: reads what clocks show; nil: claims of the time are not decided.
    public init(
        _ header: SessionHeader, _ site: Site, without leftOut: Set<String> = [], atoms: [String: RuleAtom],
        kept: WatchState = WatchState(),
        clock: (any ClockReader)? = nil, _ watch: consuming Watch
    ) {
        var compiler = ValueCompiler(
            header, site, without: leftOut, start: watch.start, kept: kept, clock: clock)
        let nodes = watch.atoms.map { text in atoms[text].flatMap { compiler.node(of: $0) } }
        self.init(header, compiler, watch, nodes)
    }

    /// Watches lines and Boolean tags alone. An atom that is the name of a line is true while the line is high; one that is a
    /// source and a tag, as `hmi.P1_RUN`, is true while the tag is claimed to be.
    public init(_ header: SessionHeader, _ watch: consuming Watch) {
        var compiler = ValueCompiler(header, Site(name: "", title: ""), start: watch.start)
        let nodes = watch.atoms.map { compiler.node(named: $0) }
        self.init(header, compiler, watch, nodes)
    }

    private init(_ header: SessionHeader, _ laidOut: ValueCompiler, _ watch: consuming Watch, _ nodes: [Int?]) {
        var compiler = laidOut
        unmatched =
            compiler.missing.isEmpty
            ? zip(watch.atoms, nodes).filter { $1 == nil }.map(\.0) : compiler.missing
        for (atom, node) in nodes.enumerated() {
            guard let node else { continue }
            // Two texts may ask the same.
            let own =
                compiler.nodes[node].atom < 0 ? node : compiler.add(ValueNode(kind: .and, left: node, right: node))
            compiler.nodes[own].atom = atom
        }
        compiler.show()
        let graph = ValueGraph(compiler)
        lines = ContiguousArray(header.lines.indices.map { compiler.lines[$0] ?? -1 })
        areOnlyCounted = ContiguousArray(header.lines.map { $0.options.edges != .both })
        tags = ContiguousArray(header.tags.enumerated().map { compiler.reader(of: $1, $0) })
        devices = ContiguousArray(
            header.devices.enumerated().map { number, device in
                compiler.channels[number].map { ScanReader(device, $0, graph) }
            })
        counterNames = compiler.counterNames
        permits = compiler.permits
        approvals = compiler.approvals
        self.graph = graph
        self.watch = watch
    }

    var readings: Readings { graph.readings }

    /// How often the offset of each counter had to be taken anew, where that was so.
    public var renewals: [(tag: TagName, count: Int)] {
        zip(counterNames, graph.counters).filter { $1.renewed > 0 }.map { ($0.tag, $1.renewed) }
    }

    /// What each counter said last, in the SI's base.
    var counters: [String: Double] {
        let known = zip(counterNames, graph.counters).compactMap { name, counter in
            counter.last.map { (name.tag.description, $0 * name.each) }
        }
        return Dictionary(known) { first, _ in first }
    }

    /// The last trusted values of channels that are not trusted, by their names in the site.
    var distrusted: [String: Double] {
        devices.compactMap { $0 }.reduce(into: [:]) { $0.merge($1.distrusted) { $1 } }
    }

    public mutating func edge(_ edge: Edge) {
        if edge.flags.contains(.late) { return lateRecords &+= 1 }
        let index = Int(edge.line.index)
        guard index < lines.count, lines[index] >= 0,
            graph.open(SignalTable.instant(edge.time), &watch)
        else { return }
        if areOnlyCounted[index] {
            if edge.isRising { graph.pulse(line: lines[index]) }
        } else {
            graph.set(line: lines[index], Truth(edge.isRising))
        }
    }

    public mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        if block.isLate { return lateRecords &+= 1 }
        let index = Int(block.device.index)
        guard index < devices.count else { return }
        devices[index]?.scans(block, raw, &graph, &watch)
    }

    public mutating func event(_ event: Event) {
        if event.isLate { return lateRecords &+= 1 }
        switch event {
        case .level(let level):
            set(line: Int(level.line.index), Truth(level.isHigh), at: level.notAfter)
        case .claim(let claim):
            let index = Int(claim.tag.index)
            guard index < tags.count, graph.open(SignalTable.instant(claim.time), &watch) else {
                return
            }
            tags[index].take(claim, clock, &graph)
        case .gap(let gap): lose(gap)
        case .note(let note): take(note)
        case .clockFix(let fix): set(fix)
        case .reread: break
        }
    }

    /// From then on claims of the time are judged by it.
    mutating func set(_ fix: ClockFix) {
        if graph.open(SignalTable.instant(fix.monotonic), &watch) { clock.take(fix) }
    }

    private mutating func take(_ note: Note) {
        guard let new = WatchRequest(note.text.text),
            new.verb == .trust || permits[new.subject] != nil || approvals[new.subject] != nil,
            graph.open(SignalTable.instant(note.time), &watch)
        else { return }
        switch new.verb {
        case .permit: permit(new)
        case .approve: approve(new, by: note.author.text, at: note.time - .zero)
        case .trust:
            for index in devices.indices { devices[index]?.trust(new.subject, graph) }
        case .shelve: break
        }
    }

    /// From the instant that is open on: before the first record, from the start. What is no value of the tag changes nothing.
    ///
    /// - Parameter time: when it was said, since the start; negative: to a watch before this one.
    mutating func approve(_ approval: WatchRequest, by author: String, at time: Nanoseconds) {
        guard let (node, tag) = approvals[approval.subject], let value = try? tag.approval(of: approval.value) else {
            return
        }
        let before = min(approval.time, time + approval.time - Nanoseconds(graph.now))
        graph.approve(node, value, before: before, "\(approval.value), by \(author)", at: time.count)
    }

    /// From the instant that is open on: before the first record, from the start.
    mutating func permit(_ permit: WatchRequest) {
        if let node = permits[permit.subject] { graph.permit(node, for: permit.time) }
    }

    /// Everything up to that instant is in.
    public mutating func close(upTo watermark: Timestamp) {
        let instant = SignalTable.instant(watermark)
        if instant < .max { graph.advance(before: instant + 1, &watch) }
        watch.close(upTo: instant)
    }

    private mutating func lose(_ gap: Gap) {
        switch gap.subject {
        case .line(let line): set(line: Int(line.index), .unknown, at: gap.discovered)
        case .tag(let tag):
            let index = Int(tag.index)
            guard index < tags.count, graph.open(SignalTable.instant(gap.discovered), &watch) else {
                return
            }
            tags[index].lose(&graph)
        case .device(let device):
            let index = Int(device.index)
            guard index < devices.count, graph.open(SignalTable.instant(gap.discovered), &watch)
            else { return }
            devices[index]?.lose(&graph)
        case .notes: break
        }
    }

    private mutating func set(line index: Int, _ truth: Truth, at time: Timestamp) {
        guard index < lines.count, lines[index] >= 0, graph.open(SignalTable.instant(time), &watch)
        else { return }
        graph.set(line: lines[index], truth)
    }

    /// Beyond 292 years time stands still.
    private static func instant(_ time: Timestamp) -> Int64 { Int64(clamping: time.nanoseconds) }
}
