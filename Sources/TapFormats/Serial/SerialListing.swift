public import TapCore
public import TapDecode

/// What serial lines carried, written a line for each character or frame, in order of time: the records of a capture
/// in, text out.
///
/// Takes the records of all lines. docs/formats/decode.md says what each member of the JSON is.
public struct SerialListing: ~Copyable, RecordSink {
    public enum Style: Sendable {
        /// For people: seconds since the capture began, the line, what it carried.
        case text
        /// JSON Lines.
        case json
    }

    /// What was written of a line.
    public struct Counts: Sendable, Hashable {
        public var characters: UInt64 = 0
        public var charactersInError: UInt64 = 0
        /// Free of errors, but the line was not seen at rest before them.
        public var charactersInDoubt: UInt64 = 0
        public var breaks: UInt64 = 0
        public var falseStarts: UInt64 = 0
        /// Spans of which it cannot be known what was sent.
        public var unknown: UInt64 = 0
        public var requests: UInt64 = 0
        public var responses: UInt64 = 0
        /// Not to be read.
        public var framesInError: UInt64 = 0
        /// Read, because the CRC fits, but with a fault.
        public var framesInDoubt: UInt64 = 0
        /// Between frames, in none.
        public var strayBytes: UInt64 = 0
    }

    public var output: ByteWriter
    private let origin: Timestamp
    private let style: Style
    private let format: UARTFormat
    private var tracks: [SerialTrack]
    private var pairing: ModbusPairing
    /// By the number of the line.
    private let trackOfLine: [Int?]
    /// What may still be preceded by something of another line.
    private var held: [SerialItem] = []
    /// The latest time of any record, and the one before which none comes any more.
    private var latest: Timestamp
    private var reached: Timestamp
    private var hasEnded = false

    /// More are not held: what has lasted longer, as a line that is stuck, is written late.
    private static let mostHeld = 4_096

    /// - Parameters:
    ///   - header: of the capture.
    ///   - lines: some of its lines, each once.
    ///   - isModbus: of 8 data bits: frames are written instead of characters.
    public init(
        _ header: SessionHeader, _ lines: [LineInfo], _ format: UARTFormat, isModbus: Bool, _ style: Style,
        to output: consuming ByteWriter
    ) {
        self.output = output
        self.style = style
        self.format = format
        origin = header.origin
        latest = header.origin
        reached = header.origin
        tracks = lines.map { SerialTrack($0, format, isModbus: isModbus, origin: header.origin) }
        pairing = ModbusPairing(lines: lines.count)
        var trackOfLine = [Int?](repeating: nil, count: (lines.map { Int($0.id.index) }.max() ?? -1) + 1)
        for (track, line) in lines.enumerated() { trackOfLine[Int(line.id.index)] = track }
        self.trackOfLine = trackOfLine
        for text in SerialListing.head(header, lines, format, isModbus, style) { self.output.append(text + "\n") }
        self.output.endRecord(at: origin)
    }

    /// Of each line, in the order in which they were given.
    public var counts: [Counts] { tracks.map(\.counts) }

    /// What the pulses of a line say of its speed, where what was decoded is mostly in error; of each line.
    public var hints: [(shortest: Nanoseconds, baud: Int)?] { tracks.map(\.hint) }

    public mutating func edge(_ edge: Edge) {
        latest = max(latest, edge.time)
        reached = max(reached, edge.time)
        guard let track = track(of: edge.line) else { return }
        collect(track) { $0.edge(edge, $1) }
    }

    public mutating func event(_ event: Event) {
        switch event {
        case .level(let level):
            latest = max(latest, level.notAfter)
            guard let track = track(of: level.line) else { return }
            collect(track) { $0.level(level, $1) }
        case .gap(let gap):
            latest = max(latest, gap.discovered)
            guard case .line(let line) = gap.subject, let track = track(of: line) else { return }
            collect(track) { $0.gap(gap, $1) }
        default: break
        }
    }

    public mutating func scans(_ block: ScanBlock, raw: RawSpan) { latest = max(latest, block.firstTime) }

    /// Where that is not known, the last record, of any line, is taken for the end.
    public mutating func captureEnded(at end: Timestamp) {
        hasEnded = true
        for track in tracks.indices { collect(track) { $0.finish(at: end, $1) } }
        write(before: .distantFuture)
    }

    public mutating func batchEnded(at now: Timestamp) throws(TapError) {
        // A line may be silent while another is not.
        if tracks.count > 1 {
            for track in tracks.indices { collect(track) { [reached] in $0.advance(to: reached, $1) } }
        }
        write(before: tracks.map(\.settled).min() ?? .distantFuture)
        output.flush()
        if let failure = output.failure { throw failure }
    }

    public mutating func finish(at now: Timestamp) throws(TapError) {
        if !hasEnded { captureEnded(at: latest) }
        try batchEnded(at: now)
    }

    private func track(of line: LineID) -> Int? {
        Int(line.index) < trackOfLine.count ? trackOfLine[Int(line.index)] : nil
    }

    /// Keeps what a call of a line's decoders says.
    private mutating func collect(
        _ track: Int, _ body: (inout SerialTrack, (SerialItem.Content) -> Void) -> Void
    ) {
        body(&tracks[track]) { held.append(SerialItem(track: track, content: $0)) }
        if held.count >= SerialListing.mostHeld {
            write(before: tracks.map(\.settled).min() ?? .distantFuture)
            if held.count >= SerialListing.mostHeld { write(before: .distantFuture) }
        }
    }

    /// Writes what began before then, in order of time.
    private mutating func write(before time: Timestamp) {
        // Of one time, those that came first are first.
        let order = held.indices.sorted { (held[$0].start, $0) < (held[$1].start, $1) }
        var rest: [SerialItem] = []
        for index in order {
            if held[index].start < time || time == .distantFuture {
                write(held[index])
            } else {
                rest.append(held[index])
            }
        }
        held = rest
    }

    private mutating func write(_ item: SerialItem) {
        let line = tracks[item.track].line.name
        let text: String
        switch (item.content, style) {
        case (.character(let character), .text):
            text = SerialText.line(character, line, format, origin)
            if character.flags.contains(.unknown) { pairing.forget() }
        case (.character(let character), .json):
            text = SerialJSON.object(character, line)
            if character.flags.contains(.unknown) { pairing.forget() }
        case (.frame(var frame), _):
            pairing.read(&frame, line: item.track)
            tracks[item.track].counts.add(frame)
            text = style == .text ? SerialText.line(frame, line, origin) : SerialJSON.object(frame, line)
        }
        output.append(text + "\n")
        output.endRecord(at: item.start)
    }

    private static func head(
        _ header: SessionHeader, _ lines: [LineInfo], _ format: UARTFormat, _ isModbus: Bool, _ style: Style
    ) -> [String] {
        let protocolName = isModbus ? "Modbus RTU" : "UART"
        switch style {
        case .json:
            return [
                JSON.object([
                    ("tap", JSON.string(header.version)), ("format", "2"),
                    ("decoded", JSON.string(isModbus ? "modbus-rtu" : "uart")), ("uart", JSON.string("\(format)")),
                    ("provenance", JSON.string(header.provenance.rawValue)), ("board", JSON.string(header.board)),
                    ("lines", JSON.array(lines.map { JSON.string($0.name) })),
                    ("origin_ns", "\(header.origin.nanoseconds)"),
                ])
            ]
        case .text:
            let source = "\(header.provenance.rawValue) signals, \(header.board)"
            let names = (lines.count == 1 ? "line " : "lines ") + lines.map(\.name).joined(separator: ", ")
            return [
                "# tap \(header.version), \(source), \(names): \(protocolName), \(format)",
                "# times are seconds since the capture began",
            ] + header.sources.flatMap { source in source.limits.map { "# \(source.name): \($0)" } }
        }
    }
}

extension SerialListing.Counts {
    fileprivate mutating func add(_ frame: ModbusFrame) {
        switch frame.role {
        case .request: requests += 1
        case .response: responses += 1
        case .unreadable: framesInError += 1
        case .stray: strayBytes += UInt64(frame.bytes.count)
        }
        if !frame.faults.isEmpty, frame.isCRCRight, frame.role != .unreadable { framesInDoubt += 1 }
    }
}
