public import TapCore

/// Draws a span of a capture: digital and analog lanes on one axis of time, with losses, claims and named spans, as
/// SVG. Takes records as every writer does and draws when they have ended; its room does not grow with them.
public struct PlotWriter: RecordSink, ~Copyable {
    public private(set) var output: ByteWriter
    private let header: SessionHeader
    private let plot: () -> Plot
    private let meaning: PlotMeaning
    private let isReadable: Bool
    private let from: Double
    private let perColumn: Double
    private var digital: [DigitalTrace]
    /// Of each device, one for each sample of a scan.
    private var analog: [[AnalogTrace]]
    private var losses: [Gap] = []
    private let lineOffsets: [Nanoseconds]
    private let span: (from: Nanoseconds, to: Nanoseconds)
    /// By the numbers of the tags, and in which order they came.
    private var claims: [ClaimTrace]
    private var claimed: [TagID] = []
    private let tagOffsets: [Nanoseconds]

    static let columns = 820
    private static let mostLosses = 10_000
    private static let mostNotes = 8

    /// - Parameters:
    ///   - span: what is drawn, since the header's origin.
    ///   - meaning: what the signals stand for, and which claims lie over them.
    ///   - isReadable: the lanes were not chosen one by one: those that do not change are left out, and so are others
    ///     where they are too many, with a word below the picture.
    ///   - plot: asked once all records are in: bands come with them.
    public init(
        _ header: SessionHeader, span: (from: Nanoseconds, to: Nanoseconds), to output: consuming ByteWriter,
        meaning: PlotMeaning = PlotMeaning(), isReadable: Bool = false, plot: @escaping () -> Plot
    ) {
        self.output = output
        self.meaning = meaning
        self.isReadable = isReadable
        self.header = header
        self.plot = plot
        from = Double(span.from.count)
        perColumn = Double((span.to - span.from).count) / Double(PlotWriter.columns)
        digital = header.lines.map { _ in DigitalTrace(columns: PlotWriter.columns) }
        analog = header.devices.map { device in
            device.samples.map { _ in AnalogTrace(columns: PlotWriter.columns) }
        }
        lineOffsets = header.lines.map { header.clock(of: .line($0.id)).offsetToMonotonic }
        self.span = span
        claims = header.tags.map { _ in ClaimTrace() }
        tagOffsets = header.tags.map { header.clock(of: .tag($0.id)).offsetToMonotonic }
    }

    /// In columns.
    private func place(_ time: Timestamp) -> Double {
        (Double((time - header.origin).count) - from) / perColumn
    }

    public mutating func edge(_ edge: Edge) {
        let line = Int(edge.line.index)
        digital[line].set(edge.isRising, at: place(edge.time + lineOffsets[line]))
    }

    public mutating func event(_ event: Event) {
        switch event {
        case .level(let level): self.level(level)
        case .gap(let gap): self.gap(gap)
        case .claim(let claim): self.claim(claim)
        default: break
        }
    }

    private mutating func level(_ level: Level) {
        let line = Int(level.line.index)
        digital[line].set(level.isHigh, at: place(level.notAfter + lineOffsets[line]))
    }

    private mutating func gap(_ gap: Gap) {
        // What was open until it is closed ends with the gap that closes it.
        if let open = losses.lastIndex(where: {
            $0.to == .distantFuture && $0.subject == gap.subject && $0.from == gap.from
        }) {
            losses[open] = gap
            return
        }
        if losses.count < PlotWriter.mostLosses { losses.append(gap) }
    }

    public mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        guard let index = header.devices.firstIndex(where: { $0.id == block.device }) else { return }
        let device = header.devices[index]
        let offset = header.clock(of: .device(device.id)).offsetToMonotonic
        let samples = device.samples
        for scan in 0..<block.count {
            let x = place(block.firstTime + block.period * Int64(scan) + offset)
            for (position, sample) in samples.enumerated() {
                analog[index][position].add(sample.value(in: block, scan: scan, raw: raw), at: x)
            }
        }
    }

    /// The span was given.
    public mutating func captureEnded(at end: Timestamp) {}

    public mutating func finish(at now: Timestamp) throws(TapError) {
        let plot = plot()
        var lanes: [PlotLane] = []
        for (line, trace) in zip(header.lines, digital) {
            lanes.append(PlotLane(line.name, .digital(trace), losses: spans(of: .line(line.id))))
        }
        for (device, traces) in zip(header.devices, analog) {
            for (sample, trace) in zip(device.samples, traces) {
                lanes.append(
                    PlotLane(
                        device.address(of: sample), unit: sample.channel.unit, .analog(trace),
                        losses: spans(of: .device(device.id))))
            }
        }
        let layout = PlotLayout(signals: lanes, claims: claimLanes, meaning: meaning, isReadable: isReadable)
        let picture = PlotPicture(plot, layout.lanes, remarks: notes + layout.remarks, caption: caption)
        output.append(picture.text)
        output.endRecord(at: now)
        output.flush()
        if let failure = output.failure { throw failure }
    }

    /// Where something of it was lost, in columns.
    private func spans(of subject: Gap.Subject) -> [ClosedRange<Double>] {
        losses.filter { $0.subject == subject }.compactMap { gap in
            let offset = header.clock(of: subject).offsetToMonotonic
            let from = max(0, place(gap.from + offset))
            let to = min(Double(PlotWriter.columns), gap.to == .distantFuture ? .infinity : place(gap.to + offset))
            return from <= to ? from...to : nil
        }
    }

    private mutating func claim(_ claim: Claim) {
        let tag = Int(claim.tag.index)
        let time = claim.time + tagOffsets[tag]
        guard (span.from...span.to).contains(time - header.origin) else { return }
        if claims[tag].content == nil { claimed.append(claim.tag) }
        claims[tag].add(claim.value, at: place(time))
    }

    /// A lane for each tag of which something is claimed, in the order in which they first came.
    private var claimLanes: [(tag: TagInfo, lane: PlotLane)] {
        claimed.compactMap { id in
            guard let tag = header.tags.first(where: { $0.id == id }), let content = claims[Int(id.index)].content
            else { return nil }
            return (tag, PlotLane(tag.title, unit: tag.unit, content, losses: spans(of: .tag(id))))
        }
    }

    /// What the board's file notes, as far as it has room.
    private var notes: [String] {
        let kept = Array(header.notes.prefix(PlotWriter.mostNotes))
        let more = header.notes.count - kept.count
        return more == 0 ? kept : kept + ["Notes of the board that are not here: \(more)."]
    }

    private var caption: String {
        "\(header.provenance.rawValue) signals, \(header.wires); drawn by tap \(header.version)"
    }
}
