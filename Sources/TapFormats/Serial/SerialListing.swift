public import TapCore
public import TapDecode

/// What a serial line carried, written a line for each character or frame: the records of a capture in, text out.
///
/// Takes the records of all lines and decodes one. docs/formats/decode.md says what each member of the JSON is.
public struct SerialListing: ~Copyable, RecordSink {
    public enum Style: Sendable {
        /// For people: seconds since the capture began, the line, what it carried.
        case text
        /// JSON Lines.
        case json
    }

    /// What was written.
    public struct Counts: Sendable, Hashable {
        public var characters: UInt64 = 0
        public var charactersInError: UInt64 = 0
        public var breaks: UInt64 = 0
        /// Spans of which it cannot be known what was sent.
        public var unknown: UInt64 = 0
        public var requests: UInt64 = 0
        public var responses: UInt64 = 0
        public var framesInError: UInt64 = 0
    }

    public var output: ByteWriter
    public private(set) var counts = Counts()
    private let line: LineInfo
    private let origin: Timestamp
    private let style: Style
    private var uart: UARTDecoder
    private var modbus: ModbusDecoder?
    /// The latest time of any record, and of the line's.
    private var latest: Timestamp
    private var last: Timestamp
    /// A gap was reported since the last edge.
    private var isLossTold = false

    /// - Parameters:
    ///   - header: of the capture.
    ///   - line: one of its lines.
    ///   - isModbus: of 8 data bits: frames are written instead of characters.
    public init(
        _ header: SessionHeader, _ line: LineInfo, _ format: UARTFormat, isModbus: Bool, _ style: Style,
        to output: consuming ByteWriter
    ) {
        self.output = output
        self.line = line
        self.style = style
        origin = header.origin
        last = header.origin
        latest = header.origin
        uart = UARTDecoder(format)
        modbus = isModbus ? ModbusDecoder(format) : nil
        for text in SerialListing.head(header, line, format, isModbus, style) { self.output.append(text + "\n") }
        self.output.endRecord(at: origin)
    }

    public mutating func edge(_ edge: Edge) {
        latest = max(latest, edge.time)
        guard edge.line == line.id else { return }
        if edge.flags.contains(.missedBefore), !isLossTold { lose(from: last, to: edge.time) }
        isLossTold = false
        last = max(last, edge.time)
        decode { $0.edge(at: edge.time, isRising: edge.isRising, $1) }
    }

    public mutating func event(_ event: Event) {
        switch event {
        case .level(let level): self.level(level)
        case .gap(let gap): self.gap(gap)
        default: break
        }
    }

    private mutating func level(_ level: Level) {
        latest = max(latest, level.notAfter)
        guard level.line == line.id else { return }
        last = max(last, level.notAfter)
        decode { $0.level(isHigh: level.isHigh, at: level.notAfter, $1) }
    }

    private mutating func gap(_ gap: Gap) {
        latest = max(latest, gap.discovered)
        guard gap.subject == .line(line.id) else { return }
        isLossTold = true
        lose(from: gap.from, to: gap.to)
    }

    public mutating func scans(_ block: ScanBlock, raw: RawSpan) { latest = max(latest, block.firstTime) }

    /// The capture lasted until then; nil: it does not say, and its last record, of any line, is taken for it.
    /// Once, before `finish`.
    public mutating func captureEnded(at end: Timestamp?) {
        let end = max(end ?? latest, last)
        decode { $0.finish(at: end, $1) }
        var frames: [ModbusFrame] = []
        modbus?.finish { frames.append($0) }
        for frame in frames { write(frame) }
    }

    public mutating func batchEnded(at now: Timestamp) throws(TapError) {
        output.flush()
        if let failure = output.failure { throw failure }
    }

    public mutating func finish(at now: Timestamp) throws(TapError) { try batchEnded(at: now) }

    private mutating func lose(from: Timestamp, to: Timestamp) { decode { $0.lose(from: from, to: to, $1) } }

    /// Gives on what a call of the UART decoder says.
    private mutating func decode(_ body: (inout UARTDecoder, (UARTCharacter) -> Void) -> Void) {
        // At most two at a time.
        var said: (UARTCharacter?, UARTCharacter?)
        body(&uart) { if said.0 == nil { said.0 = $0 } else { said.1 = $0 } }
        if let character = said.0 { take(character) }
        if let character = said.1 { take(character) }
        let settled = uart.settled
        frames { $0.advance(to: settled, $1) }
    }

    private mutating func take(_ character: UARTCharacter) {
        count(character)
        guard modbus != nil else { return write(character) }
        frames { $0.take(character, $1) }
        if character.flags.contains(.unknown) { write(character) }
    }

    private mutating func frames(_ body: (inout ModbusDecoder, (ModbusFrame) -> Void) -> Void) {
        // At most one at a time: a frame ends before another begins.
        var said: ModbusFrame?
        if modbus != nil { body(&modbus!) { said = $0 } }
        if let said { write(said) }
    }

    private mutating func count(_ character: UARTCharacter) {
        if character.flags.contains(.unknown) {
            counts.unknown += 1
        } else if character.flags.contains(.breakCondition) {
            counts.breaks += 1
        } else if character.isCharacter {
            counts.characters += 1
            if !character.flags.isEmpty { counts.charactersInError += 1 }
        }
    }

    private mutating func write(_ character: UARTCharacter) {
        let text =
            switch style {
            case .text: SerialText.line(character, line.name, uart.format, origin)
            case .json: SerialJSON.object(character, line.name)
            }
        output.append(text + "\n")
        output.endRecord(at: character.start)
    }

    private mutating func write(_ frame: ModbusFrame) {
        if !frame.faults.isEmpty { counts.framesInError += 1 }
        switch frame.role {
        case .request: counts.requests += 1
        case .response: counts.responses += 1
        case .unreadable: break
        }
        let text =
            switch style {
            case .text: SerialText.line(frame, line.name, origin)
            case .json: SerialJSON.object(frame, line.name)
            }
        output.append(text + "\n")
        output.endRecord(at: frame.start)
    }

    private static func head(
        _ header: SessionHeader, _ line: LineInfo, _ format: UARTFormat, _ isModbus: Bool, _ style: Style
    ) -> [String] {
        let protocolName = isModbus ? "Modbus RTU" : "UART"
        switch style {
        case .json:
            return [
                JSON.object([
                    ("tap", JSON.string(header.version)), ("format", "1"),
                    ("decoded", JSON.string(isModbus ? "modbus-rtu" : "uart")), ("uart", JSON.string("\(format)")),
                    ("provenance", JSON.string(header.provenance.rawValue)), ("board", JSON.string(header.board)),
                    ("line", JSON.string(line.name)), ("origin_ns", "\(header.origin.nanoseconds)"),
                ])
            ]
        case .text:
            let source = "\(header.provenance.rawValue) signals, \(header.board)"
            return [
                "# tap \(header.version), \(source), line \(line.name): \(protocolName), \(format)",
                "# times are seconds since the capture began",
            ] + header.sources.flatMap { source in source.limits.map { "# \(source.name): \($0)" } }
        }
    }
}
