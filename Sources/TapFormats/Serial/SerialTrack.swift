public import TapCore
public import TapDecode

/// One line under decoding: its records in, characters or frames out.
public struct SerialTrack: Sendable {
    public let line: LineInfo
    public internal(set) var counts = SerialListing.Counts()
    private let format: UARTFormat
    private var uart: UARTDecoder
    private var modbus: ModbusDecoder?
    private var pulses = PulseSurvey()
    /// Since which no edge was lost.
    private var lastEdge: Timestamp?
    private var last: Timestamp
    /// A gap was reported since the last edge.
    private var isLossReported = false

    public init(_ line: LineInfo, _ format: UARTFormat, isModbus: Bool, origin: Timestamp) {
        self.line = line
        self.format = format
        last = origin
        uart = UARTDecoder(format)
        modbus = isModbus ? ModbusDecoder(format) : nil
    }

    public mutating func edge(_ edge: Edge, _ emit: (SerialItem.Content) -> Void) {
        if edge.flags.contains(.missedBefore), !isLossReported { lose(from: last, to: edge.time, emit) }
        isLossReported = false
        last = max(last, edge.time)
        if let lastEdge { pulses.add(edge.time - lastEdge) }
        lastEdge = edge.time
        decode(emit) { $0.edge(at: edge.time, isRising: edge.isRising, $1) }
    }

    public mutating func level(_ level: Level, _ emit: (SerialItem.Content) -> Void) {
        last = max(last, level.notAfter)
        decode(emit) { $0.level(isHigh: level.isHigh, at: level.notAfter, $1) }
    }

    public mutating func gap(_ gap: Gap, _ emit: (SerialItem.Content) -> Void) {
        isLossReported = true
        lose(from: gap.from, to: gap.to, emit)
    }

    /// No record of this line comes any more that is before `time`.
    public mutating func advance(to time: Timestamp, _ emit: (SerialItem.Content) -> Void) {
        decode(emit) { $0.advance(to: time, $1) }
    }

    public mutating func finish(at end: Timestamp, _ emit: (SerialItem.Content) -> Void) {
        decode(emit) { [last] in $0.finish(at: max(end, last), $1) }
        modbus?.finish { emit(.frame($0)) }
    }

    /// Everything that began before this time has been given out.
    public var settled: Timestamp { min(uart.settled, modbus?.open ?? .distantFuture) }

    /// What the line's pulses say of its speed, where what was decoded is mostly in error and they say another.
    public var hint: (shortest: Nanoseconds, baud: Int)? {
        let wrong = counts.charactersInError + counts.breaks + counts.falseStarts
        guard wrong > 0, wrong * 4 >= counts.characters, let shortest = pulses.shortest, let baud = pulses.baud,
            (baud - format.baud).magnitude * 20 > UInt(format.baud)
        else { return nil }
        return (shortest, baud)
    }

    private mutating func lose(from: Timestamp, to: Timestamp, _ emit: (SerialItem.Content) -> Void) {
        lastEdge = nil
        decode(emit) { $0.lose(from: from, to: to, $1) }
    }

    /// Gives on what a call of the UART decoder says.
    private mutating func decode(
        _ emit: (SerialItem.Content) -> Void, _ body: (inout UARTDecoder, (UARTCharacter) -> Void) -> Void
    ) {
        // At most two at a time.
        var said: (UARTCharacter?, UARTCharacter?)
        body(&uart) { if said.0 == nil { said.0 = $0 } else { said.1 = $0 } }
        if let character = said.0 { take(character, emit) }
        if let character = said.1 { take(character, emit) }
        modbus?.advance(to: uart.settled) { emit(.frame($0)) }
    }

    private mutating func take(_ character: UARTCharacter, _ emit: (SerialItem.Content) -> Void) {
        count(character)
        modbus?.take(character) { emit(.frame($0)) }
        if modbus == nil || character.flags.contains(.unknown) { emit(.character(character)) }
    }

    private mutating func count(_ character: UARTCharacter) {
        if character.flags.contains(.unknown) {
            counts.unknown += 1
        } else if character.flags.contains(.breakCondition) {
            counts.breaks += 1
        } else if character.flags.contains(.falseStart) {
            counts.falseStarts += 1
        } else {
            counts.characters += 1
            if !character.flags.isSubset(of: .unsynchronised) {
                counts.charactersInError += 1
            } else if !character.flags.isEmpty {
                counts.charactersInDoubt += 1
            }
        }
    }
}
