import TapConfig
import TapCore
import TapDecode

/// The serial bus as its client, the HMI, drives it: polls of the PLC and of other stations, writes, somebody's hand-held
/// client, one exchange at a time; answers that take their time, are garbled, refused or lost, and are asked for again.
///
/// What is drawn is drawn by the time of a question, not in turn: one that is not answered changes nothing for the others.
struct StationBus: Sendable {
    enum Purpose: Sendable, Hashable {
        case poll, station, foreign
        case write(StationWrite)
    }

    enum Outcome: Sendable, Hashable { case answer, garbled, refused, lost }

    struct Exchange: Sendable {
        let purpose: Purpose
        let question: [UInt8]
        fileprivate(set) var attempt = 0
        fileprivate(set) var asked: UInt64
        fileprivate(set) var isSent = false
        fileprivate(set) var draw: UInt64 = 0
        /// When the server has the question.
        fileprivate(set) var open: UInt64 = 0
    }

    private let parameters: PumpStation.Bus
    private let format: UARTFormat
    private let silence: UInt64
    private let period: UInt64
    private let timeout: UInt64
    private let seed: UInt64
    private static let stream = Random.digest("pump station bus")

    private(set) var exchange: Exchange?
    private var pending: [(write: StationWrite, since: UInt64)] = []
    private var isOn = true
    /// Polls so far, those that were left out included.
    private var polls: UInt64 = 0
    private var nextPoll: UInt64 = 0
    private var nextStation = StationBus.firstStation
    private var nextForeign = UInt64.max
    private var foreignUntil: UInt64 = 0
    private var freeFrom: UInt64 = 0
    /// When the screen shows what was answered.
    private(set) var shows = UInt64.max
    /// When an open question is given up, or what came is known to be nothing.
    private var deadline = UInt64.max

    /// Of the first second, so that it falls on no round time.
    private static let firstQuestion: UInt64 = 137_000_000
    private static let firstStation: UInt64 = 611_000_000
    private static let stationPeriod: UInt64 = 2_000_000_000
    private static let foreignPeriod: UInt64 = 730_000_000
    /// The screen takes this long to show an answer, and up to as much again.
    private static let display: UInt64 = 8_000_000
    /// Registers that another station, and somebody's client, is asked for.
    static let stationRegisters: UInt16 = 6
    static let foreignRegisters: UInt16 = 10

    init(_ parameters: PumpStation, seed: UInt64) {
        self.parameters = parameters.bus
        self.seed = seed
        format = RegisterScreen<StationTag>.format(baud: parameters.hmi.baud)
        silence = UInt64(ModbusRTU.silences(format).between.count)
        period = UInt64(parameters.hmi.period.count)
        timeout = min(250_000_000, period / 4)
        nextPoll = due(0)
        if parameters.bus.stations == 0 { nextStation = .max }
    }

    /// When the screen has something to show, or has waited long enough.
    var next: UInt64 { min(shows, deadline) }

    /// Goes out once the bus is free.
    mutating func write(_ write: StationWrite, at time: UInt64) { pending.append((write, time)) }

    /// Somebody connects a client of his own.
    mutating func visit(from time: UInt64, to end: UInt64) {
        nextForeign = time
        foreignUntil = end
    }

    mutating func turn(isOn: Bool, at time: UInt64) {
        guard isOn != self.isOn else { return }
        self.isOn = isOn
        exchange = nil
        shows = .max
        deadline = .max
        freeFrom = time
        skip(to: time)
        if nextStation != .max { nextStation = max(nextStation, time) }
    }

    /// By the HMI's clock, which runs fast or slow, and a little late.
    private func due(_ poll: UInt64) -> UInt64 {
        let base = StationBus.firstQuestion + poll * period
        let drift = UInt64(Double(poll * period) * parameters.drift)
        let jitter = UInt64(parameters.jitter.count)
        guard jitter > 0 else { return base + drift }
        return base + drift + Random.at(poll, seed: seed, stream: StationBus.stream) % jitter
    }

    private mutating func skip(to time: UInt64) {
        while nextPoll < time {
            polls += 1
            nextPoll = due(polls)
        }
    }

    // MARK: Asking

    /// What is sent before a time, and when; nil: nothing.
    mutating func ask(before end: UInt64) -> (bytes: [UInt8], time: UInt64)? {
        guard isOn else { return nil }
        if exchange == nil { begin(before: end) }
        guard var exchange, !exchange.isSent, exchange.asked < end else { return nil }
        exchange.isSent = true
        exchange.draw = Random.at(exchange.asked, seed: seed, stream: StationBus.stream &+ 1)
        exchange.open = exchange.asked + span(exchange.question.count)
        deadline = exchange.open + timeout
        self.exchange = exchange
        return (exchange.question, exchange.asked)
    }

    private mutating func begin(before end: UInt64) {
        guard shows == .max, freeFrom < end else { return }
        if nextPoll < end {
            start(.poll, .read(.holdingRegisters, address: 0, count: StationRegisters.count), due: nextPoll)
            polls += 1
            nextPoll = due(polls)
            skip(to: freeFrom)
        } else if !pending.isEmpty {
            let (write, since) = pending.removeFirst()
            start(.write(write), write.request, due: since)
        } else if nextStation < end {
            start(
                .station, .read(.inputRegisters, address: 0, count: StationBus.stationRegisters), due: nextStation)
            nextStation += StationBus.stationPeriod
        } else if nextForeign < end, nextForeign < foreignUntil {
            start(
                .foreign, .read(.holdingRegisters, address: 0, count: StationBus.foreignRegisters), due: nextForeign)
            nextForeign += StationBus.foreignPeriod
        }
    }

    private mutating func start(_ purpose: Purpose, _ request: ModbusRequest, due: UInt64) {
        let unit = purpose == .station ? StationRegisters.unit + 1 : StationRegisters.unit
        exchange = Exchange(
            purpose: purpose, question: ModbusRTU.frame(unit: unit, request: request), asked: max(due, freeFrom))
    }

    private func span(_ bytes: Int) -> UInt64 { UInt64(format.span(ofCharacters: UInt64(bytes)).count) + silence }

    // MARK: Answering

    /// The exchange whose question has come; nil: none waits for an answer.
    func open(at time: UInt64) -> Exchange? {
        guard let exchange, exchange.isSent, exchange.open <= time, deadline != .max, shows == .max, freeFrom <= time
        else { return nil }
        return exchange
    }

    /// What becomes of an answer: errors are half garbled, a quarter refused, a quarter lost.
    var outcome: Outcome {
        guard let draw = exchange?.draw, Double(draw & 0xFFFF_FFFF) * 0x1p-32 < parameters.errors else {
            return .answer
        }
        return [Outcome.garbled, .garbled, .refused, .lost][Int(draw >> 32 & 3)]
    }

    /// The server's answer, of so many bytes.
    ///
    /// - Returns: when it begins.
    mutating func answer(at time: UInt64, bytes: Int, _ outcome: Outcome) -> UInt64 {
        guard let exchange else { return time }
        let response = UInt64(parameters.response.count)
        let begins = time + (response > 0 ? 1_000_000 + (exchange.draw >> 34) % response : 0)
        let ends = begins + span(bytes)
        freeFrom = ends
        if outcome == .garbled {
            deadline = ends
        } else if exchange.purpose == .poll, outcome == .answer {
            deadline = .max
            shows = ends + StationBus.display + (exchange.draw >> 40) % (StationBus.display + 1)
        } else {
            deadline = .max
            self.exchange = nil
        }
        return begins
    }

    /// The answer of a poll is on the screen.
    mutating func show() {
        shows = .max
        exchange = nil
    }

    /// No answer, or one that is none.
    ///
    /// - Returns: what is given up; nil: it is asked again.
    mutating func giveUp(at time: UInt64) -> Purpose? {
        deadline = .max
        guard var exchange else { return nil }
        freeFrom = max(freeFrom, time)
        guard exchange.attempt < parameters.retries, exchange.purpose != .foreign else {
            self.exchange = nil
            return exchange.purpose
        }
        exchange.attempt += 1
        exchange.isSent = false
        exchange.asked = freeFrom
        self.exchange = exchange
        return nil
    }
}
