import TapConfig
import TapCore
import TapDecode
import TapFormats

/// Hears Modbus RTU in the records of a tapped bus, one line or one for each direction, and makes claims of what its
/// tags' server answers.
///
/// A claim has the time at which the answer ended on the wire. What was written and accepted is a claim too. Where edges
/// were lost, a gap of each tag reaches from there to the next answer.
struct SerialHearing: ~Copyable, RawSink {
    private let map: RegisterMap
    private var tracks: [SerialTrack]
    private var pairing: ModbusPairing
    /// What may still be preceded by something of the other line.
    private var held: [SerialItem] = []
    /// The longest that a frame takes: what lasts longer, as a line that is stuck, is waited for no longer.
    private let longest: Nanoseconds
    private let allowedLateness: Nanoseconds
    private var loss = ClaimLoss()
    /// Whether what was written is known since the start, or the last loss.
    private var areWritesKnown = false

    /// Claims and gaps in order of time, until they are taken.
    var events: [Event] = []
    /// Up to where they are complete.
    private(set) var reached: Timestamp
    private(set) var hasEnded = false
    /// Up to when the lines' source has promised its records.
    private var promised: Timestamp

    /// - Parameters:
    ///   - lines: one or two of the source's.
    ///   - origin: no record is before it.
    init(
        _ map: RegisterMap, _ lines: [LineInfo], _ format: UARTFormat, allowedLateness: Nanoseconds, origin: Timestamp
    ) {
        self.map = map
        self.allowedLateness = allowedLateness
        reached = origin
        promised = origin
        tracks = lines.map { SerialTrack($0, format, isModbus: true, origin: origin) }
        pairing = ModbusPairing(lines: lines.count)
        let frame = format.span(ofCharacters: UInt64(ModbusRTU.frameSizes.upperBound))
        longest = frame + frame
    }

    mutating func begin(source: Int) {}

    mutating func scans(_ block: ScanBlock, raw: RawSpan) {}

    mutating func edge(_ edge: Edge) {
        guard let track = track(of: edge.line) else { return }
        collect(track) { $0.edge(edge, $1) }
    }

    mutating func event(_ event: Event) {
        switch event {
        case .level(let level):
            guard let track = track(of: level.line) else { return }
            collect(track) { $0.level(level, $1) }
        case .gap(let gap):
            guard case .line(let line) = gap.subject, let track = track(of: line) else { return }
            areWritesKnown = false
            loss.begin(at: gap.from)
            collect(track) { $0.gap(gap, $1) }
        default: break
        }
    }

    mutating func watermark(at time: Timestamp) {
        promised = max(promised, time)
        guard time >= .zero + allowedLateness else { return }
        let time = time - allowedLateness
        var settled = time
        for track in tracks.indices {
            collect(track) { $0.advance(to: time, $1) }
            settled = min(settled, tracks[track].settled)
        }
        if time >= .zero + longest { settled = max(settled, time - longest) }
        hear(before: settled)
        reached = max(reached, settled)
    }

    /// When somebody noticed it says nothing of up to when its lines were captured.
    mutating func sourceEnded(at noticed: Timestamp) {
        let time = min(noticed, promised)
        for track in tracks.indices { collect(track) { $0.finish(at: time, $1) } }
        hear(before: .distantFuture)
        reportLoss(until: time)
        reached = max(reached, time)
        hasEnded = true
    }

    /// What is still under way when nobody listens any more.
    mutating func stop(at time: Timestamp) {
        guard !hasEnded else { return }
        reportLoss(until: time)
        reached = max(reached, time)
    }

    private func track(of line: LineID) -> Int? { tracks.firstIndex { $0.line.id == line } }

    private mutating func collect(_ track: Int, _ body: (inout SerialTrack, (SerialItem.Content) -> Void) -> Void) {
        body(&tracks[track]) { held.append(SerialItem(track: track, content: $0)) }
    }

    private mutating func hear(before time: Timestamp) {
        guard !held.isEmpty else { return }
        // Of one time, those that came first are first.
        for index in held.indices.sorted(by: { (held[$0].start, $0) < (held[$1].start, $1) })
        where held[index].start < time {
            hear(held[index])
        }
        held.removeAll { $0.start < time }
    }

    private mutating func hear(_ item: SerialItem) {
        switch item.content {
        case .character(let character):
            // Only what is not known comes as characters.
            pairing.forget()
            areWritesKnown = false
            loss.begin(at: character.start)
        case .frame(var frame):
            pairing.read(&frame, line: item.track)
            // Nobody answers what is written to all.
            if case .request(let request) = frame.role, frame.unit == 0, let write = BusWrite(request, to: 0) {
                hear(write, at: max(frame.end, reached + Nanoseconds(1)))
            }
            guard case .response(let response, let request?, _) = frame.role,
                map.unit == nil || frame.unit == map.unit
            else { return }
            let known = events.count
            let time = max(frame.end, reached + Nanoseconds(1))
            claims(of: response, to: request, at: time)
            if let unit = frame.unit { hearWrites(response, request, to: unit, known: known, at: time) }
            guard events.count > known else { return }
            var gaps: [Event] = []
            loss.report(map.tags, until: frame.start, discovered: time) { gaps.append(.gap($0)) }
            events.insert(contentsOf: gaps, at: known)
        }
    }

    private mutating func hearWrites(
        _ response: ModbusResponse, _ request: ModbusRequest, to unit: UInt8, known: Int, at time: Timestamp
    ) {
        if !areWritesKnown, events.count > known || map.hasOnlyWrites { hear(nil, at: time) }
        guard var write = BusWrite(request, to: unit) else { return }
        if case .exception = response { write.isRefused = true }
        hear(write, at: time)
    }

    private mutating func hear(_ write: BusWrite?, at time: Timestamp) {
        guard let claim = map.claim(of: write, at: time) else { return }
        if write == nil { areWritesKnown = true }
        events.append(.claim(claim))
    }

    private mutating func reportLoss(until time: Timestamp) {
        loss.report(map.tags, until: time, discovered: max(reached, time)) { events.append(.gap($0)) }
    }

    private mutating func claims(of response: ModbusResponse, to request: ModbusRequest, at time: Timestamp) {
        func heard(_ address: UInt16, _ words: [UInt16]) {
            map.claims(from: address, words: words, at: time) { events.append(.claim($0)) }
        }
        func heard(_ address: UInt16, _ bits: [Bool]) { heard(address, bits.map { $0 ? 1 : 0 }) }
        switch (request, response) {
        case (.read(let table, let address, let count), .bits(_, let bits)) where table == map.table:
            heard(address, Array(bits.prefix(Int(count))))
        case (.read(let table, let address, _), .registers(_, let words)) where table == map.table:
            heard(address, words)
        case (.readWriteRegisters(let address, _, let written, let words), .readWrittenRegisters(let read))
        where map.table == .holdingRegisters:
            heard(written, words)
            heard(address, read)
        case (.writeRegister(let address, let value), .wroteRegister) where map.table == .holdingRegisters:
            heard(address, [value])
        case (.writeRegisters(let address, let words), .wroteRegisters) where map.table == .holdingRegisters:
            heard(address, words)
        case (.writeCoil(let address, let isOn), .wroteCoil) where map.table == .coils: heard(address, [isOn])
        case (.writeCoils(let address, let bits), .wroteCoils) where map.table == .coils: heard(address, bits)
        default: break
        }
    }
}
