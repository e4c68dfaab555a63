public import TapCore
public import TapDecode
import TapFormats

/// What a tapped Modbus RTU bus answered, and what the other wires of the capture were at each answer: records in, a
/// proposed register map out.
///
/// Memory is bounded: 16,384 answers to each of 16 questions, 16,384 changes of each line, whatever the length of the capture.
/// Not thread-safe; never blocks.
public struct MapSurvey: ~Copyable, RecordSink {
    /// What of it is one line or two of the bus.
    private var tracks: [SerialTrack]
    private var pairing: ModbusPairing
    private var held: [SerialItem] = []
    private var wires: [LineTrace]
    private var channels: [ChannelTrace]
    private var answers: [AnswerTrace] = []
    /// By the number of the line.
    private let wireOfLine: [Int?]
    private let trackOfLine: [Int?]
    private let channelsOfDevice: [DeviceID: Range<Int>]
    /// Of the first record; a part of a capture begins later than the capture.
    private var first: Timestamp?
    private var latest: Timestamp
    private var looked: Timestamp
    private var lossesOnBus = 0
    /// Answers to questions for which there was no room.
    private var others: UInt64 = 0
    private var hasEnded = false

    public static let mostQuestions = 16
    /// More registers of all questions are not kept.
    static let mostRegisters = 512
    /// How often the bus is asked whether a frame has ended, while it is silent.
    private static let look = Nanoseconds(5_000_000)
    private static let mostHeld = 1_024

    /// - Parameters:
    ///   - bus: one or two of the capture's lines; the others are its wires.
    ///   - format: of 8 data bits.
    public init(_ header: SessionHeader, bus: [LineInfo], _ format: UARTFormat) {
        latest = header.origin
        looked = header.origin
        tracks = bus.map { SerialTrack($0, format, isModbus: true, origin: header.origin) }
        pairing = ModbusPairing(lines: bus.count)
        let others = header.lines.filter { line in !bus.contains { $0.id == line.id } }
        wires = others.map { LineTrace($0.name) }
        let count = (header.lines.map { Int($0.id.index) }.max() ?? -1) + 1
        var places = (wire: [Int?](repeating: nil, count: count), track: [Int?](repeating: nil, count: count))
        for (place, line) in others.enumerated() { places.wire[Int(line.id.index)] = place }
        for (place, line) in bus.enumerated() { places.track[Int(line.id.index)] = place }
        (wireOfLine, trackOfLine) = places
        var channels: [ChannelTrace] = []
        var ofDevice: [DeviceID: Range<Int>] = [:]
        for device in header.devices {
            let first = channels.count
            channels += device.samples.map { ChannelTrace($0, unique: $0.channel.format.repeats == 1) }
            ofDevice[device.id] = first..<channels.count
        }
        self.channels = channels
        channelsOfDevice = ofDevice
    }

    public mutating func edge(_ edge: Edge) {
        pass(edge.time)
        let index = Int(edge.line.index)
        guard index < wireOfLine.count else { return }
        if let track = trackOfLine[index] { return collect(track) { $0.edge(edge, $1) } }
        look(at: edge.time)
        guard let wire = wireOfLine[index] else { return }
        if edge.flags.contains(.missedBefore) { wires[wire].lose(at: edge.time.time) }
        wires[wire].edge(isRising: edge.isRising, at: edge.time.time)
    }

    public mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        pass(block.firstTime)
        guard let range = channelsOfDevice[block.device] else { return }
        for scan in 0..<block.count {
            let time = block.firstTime + Nanoseconds(block.period.count * Int64(scan))
            look(at: time)
            for channel in range {
                let value = channels[channel].sample.value(in: block, scan: scan, raw: raw)
                channels[channel].take(value, at: time.time)
            }
        }
    }

    public mutating func event(_ event: Event) {
        switch event {
        case .level(let level):
            pass(level.notAfter)
            let index = Int(level.line.index)
            guard index < wireOfLine.count else { return }
            if let track = trackOfLine[index] { return collect(track) { $0.level(level, $1) } }
            if let wire = wireOfLine[index] { wires[wire].level(level.isHigh, at: level.notAfter.time) }
        case .gap(let gap):
            pass(gap.discovered)
            guard case .line(let line) = gap.subject, Int(line.index) < wireOfLine.count else { return }
            if let track = trackOfLine[Int(line.index)] {
                lossesOnBus += 1
                collect(track) { $0.gap(gap, $1) }
            } else if let wire = wireOfLine[Int(line.index)] {
                wires[wire].lose(at: gap.discovered.time)
            }
        default: break
        }
    }

    /// Nothing more comes.
    public mutating func finish(at now: Timestamp) {
        guard !hasEnded else { return }
        hasEnded = true
        for track in tracks.indices { collect(track) { [latest] in $0.finish(at: latest, $1) } }
        hear(before: .distantFuture)
        for wire in wires.indices { wires[wire].settle(until: .max) }
    }

    /// What it comes to. Takes seconds of an hour with many registers.
    public func proposal() -> MapProposal {
        var proposal = MapProposal(span: latest - (first ?? latest))
        proposal.buses = tracks.map(\.line.name)
        proposal.lossesOnBus = lossesOnBus
        proposal.otherAnswers = others
        proposal.busyWires = wires.filter(\.isBusy).map(\.name)
        proposal.lossyWires = wires.filter { $0.losses > 0 }.map(\.name)
        proposal.thinned = answers.map(\.stride).max() ?? 1
        proposal.answers = answers.reduce(0) { $0 + $1.heard }
        for channel in channels { proposal.units[channel.name] = channel.unit }
        var estimate = MapEstimate(wires: wires, channels: channels, isBusWhole: lossesOnBus == 0)
        // A register that several questions have is judged by the one that was answered most.
        for answer in answers.sorted(by: { $0.rows > $1.rows }) {
            estimate.judge(answer)
            let source = MapProposal.Source(unit: answer.question.unit, table: answer.question.table)
            if proposal.every[source] == nil { proposal.every[source] = answer.every }
        }
        proposal.entries = estimate.entries.sorted { $0.order.lexicographicallyPrecedes($1.order) }
        return proposal
    }

    private mutating func pass(_ time: Timestamp) {
        if first == nil { first = time }
        latest = max(latest, time)
    }

    private mutating func look(at time: Timestamp) {
        guard time >= looked + MapSurvey.look else { return }
        looked = time
        for track in tracks.indices { collect(track) { $0.advance(to: time, $1) } }
        hear(before: tracks.map(\.settled).min() ?? .distantFuture)
    }

    private mutating func collect(_ track: Int, _ body: (inout SerialTrack, (SerialItem.Content) -> Void) -> Void) {
        body(&tracks[track]) { held.append(SerialItem(track: track, content: $0)) }
        if held.count >= MapSurvey.mostHeld { hear(before: .distantFuture) }
    }

    private mutating func hear(before time: Timestamp) {
        guard !held.isEmpty else { return }
        for index in held.indices.sorted(by: { (held[$0].start, $0) < (held[$1].start, $1) })
        where held[index].start < time {
            hear(held[index])
        }
        held.removeAll { $0.start < time }
    }

    private mutating func hear(_ item: SerialItem) {
        guard case .frame(var frame) = item.content else { return pairing.forget() }
        pairing.read(&frame, line: item.track)
        guard case .response(let response, let request?, _) = frame.role, let unit = frame.unit,
            case .read(let table, let address, let count) = request
        else { return }
        let words: [UInt16]
        switch response {
        case .registers(_, let registers): words = registers
        case .bits(_, let bits): words = bits.prefix(Int(count)).map { $0 ? 1 : 0 }
        default: return
        }
        guard words.count == Int(count) else { return }
        take(words, AnswerTrace.Question(unit: unit, table: table, address: address, count: count), at: frame.start)
    }

    private mutating func take(_ words: [UInt16], _ question: AnswerTrace.Question, at time: Timestamp) {
        var place = answers.firstIndex { $0.question == question }
        if place == nil {
            let known = answers.reduce(0) { $0 + Int($1.question.count) }
            guard answers.count < MapSurvey.mostQuestions, known + words.count <= MapSurvey.mostRegisters else {
                others += 1
                return
            }
            place = answers.count
            answers.append(AnswerTrace(question, lines: wires.count, channels: channels.count))
        }
        for wire in wires.indices { wires[wire].settle(until: latest.time) }
        answers[place!].take(words, at: time.time, wires, channels)
    }
}

extension Timestamp {
    /// For differences below zero.
    var time: Int64 { Int64(clamping: nanoseconds) }
}
