import TapConfig
import TapCore
import TapDecode

/// The HMI of the control room: asks the RTU over Modbus RTU, one question a period, and claims what has changed: each
/// change with its stamp, measured values beyond their dead band, and everything once in a while.
struct FeederScreen: Sendable {
    static let server: UInt8 = 1
    /// Of the first second, so that it falls on no round time.
    static let firstQuestion: UInt64 = 231_000_000
    static let question = ModbusRTU.frame(
        unit: server, request: .read(.holdingRegisters, address: 0, count: UInt16(FeederAnswer.registers)))

    /// Its own four, then what the RTU answers.
    static let tags: [TagInfo] =
        ["HMI_TIME", "RTU_TIME", "RTU_COMM", "CMD"].enumerated().map { number, name in
            TagInfo(id: TagID(UInt16(number)), name: name, source: "hmi")
        } + FeederTag.allCases.map { TagInfo(id: id(of: $0), name: $0.name, source: "hmi", unit: $0.unit) }

    static let time = TagID(0)
    static let rtuTime = TagID(1)
    static let isAnswered = TagID(2)
    static let command = TagID(3)
    static func id(of tag: FeederTag) -> TagID { TagID(UInt16(tag.rawValue + 4)) }

    /// What was claimed last; nil: nothing yet.
    private(set) var shown: FeederReport?
    private var wasAnswered = false
    private var nextIntegrity: UInt64 = 0
    private let parameters: FeederBay.Screen
    private let clock: CivilClock

    init(_ parameters: FeederBay.Screen, clock: CivilClock) {
        self.parameters = parameters
        self.clock = clock
    }

    static func span(ofBytes bytes: Int, _ format: UARTFormat) -> UInt64 {
        UInt64((format.span(ofCharacters: UInt64(bytes)) + ModbusRTU.silences(format).between).count)
    }

    static func timing(_ screen: FeederBay.Screen) -> Poller.Timing {
        let format = RegisterScreen<FeederTag>.format(baud: screen.baud)
        return Poller.Timing(
            period: UInt64(screen.period.count), question: span(ofBytes: 8, format),
            answer: span(ofBytes: 5 + 2 * FeederAnswer.registers, format), display: 8_000_000)
    }

    /// When an order may go onto the line: half way between two questions.
    static func slot(after time: UInt64, _ screen: FeederBay.Screen) -> UInt64 {
        let period = UInt64(screen.period.count)
        let first = firstQuestion + period / 2
        guard time > first else { return first }
        return first + (time - first + period - 1) / period * period
    }

    // MARK: What it claims

    private func ahead(_ time: UInt64) -> UInt64 { (Timestamp(nanoseconds: time) + parameters.clockError).nanoseconds }

    private func claim(
        _ tag: TagID, _ value: Claim.Value, _ truth: Claim.Value, quality: Claim.Quality = .good, source_ns: UInt64?,
        at time: UInt64
    ) -> PlantNote {
        let server = clock.utc_ns(at: ahead(time))
        return .claim(
            Claim(
                tag: tag, value: value, quality: quality, time: Timestamp(nanoseconds: time),
                sourceTime_ns: source_ns ?? server, serverTime_ns: server),
            truth: truth)
    }

    /// An order of the operator's.
    func order(_ text: String, at time: UInt64) -> PlantNote {
        let text = Claim.Value.text(ShortText(text))
        return claim(FeederScreen.command, text, text, source_ns: nil, at: time)
    }

    /// What an exchange makes it claim.
    ///
    /// - Parameters:
    ///   - answer: nil: there was none.
    ///   - truth: what the bay really does now.
    mutating func show(_ answer: FeederAnswer?, truth: FeederReport, at time: UInt64) -> [PlantNote] {
        let isAnswered = answer != nil
        let hasTurned = isAnswered != wasAnswered
        let isDue = time >= nextIntegrity || (hasTurned && isAnswered)
        wasAnswered = isAnswered
        var notes: [PlantNote] = []
        if hasTurned || isDue {
            notes.append(claim(FeederScreen.isAnswered, .bool(isAnswered), .bool(isAnswered), source_ns: nil, at: time))
        }
        if isDue {
            nextIntegrity = time + UInt64(parameters.integrity.count)
            notes.append(
                claim(FeederScreen.time, text(ahead(time)), text(time), source_ns: nil, at: time))
        }
        guard let answer else {
            if hasTurned, let shown { notes += all(shown, truth, .bad, nil, at: time) }
            return notes
        }
        for change in answer.changes {
            var report = shown ?? answer.report
            report[change.tag] = change.count
            shown = report
            // True of a change is what it was at its own time.
            var then = truth
            then[change.tag] = change.count
            notes.append(say(change.tag, report, then, answer, change.stamp_ms, at: time))
        }
        if isDue {
            shown = answer.report
            let said = clock.text(utc_ns: answer.stamp_ms * 1_000_000)
            notes.append(
                claim(
                    FeederScreen.rtuTime, .text(ShortText(said)), text(time), source_ns: answer.stamp_ms * 1_000_000,
                    at: time))
            for tag in FeederTag.allCases {
                notes.append(say(tag, answer.report, truth, answer, answer.stamp_ms, at: time))
            }
        } else {
            for tag in FeederTag.allCases where !tag.hasEvents && hasMoved(tag, answer.report) {
                shown?[tag] = answer.report[tag]
                notes.append(say(tag, answer.report, truth, answer, answer.stamp_ms, at: time))
            }
        }
        return notes
    }

    private func text(_ time: UInt64) -> Claim.Value { .text(ShortText(clock.text(at: time))) }

    private func hasMoved(_ tag: FeederTag, _ report: FeederReport) -> Bool {
        guard let shown, shown[tag] != report[tag] else { return false }
        return abs(shown.number(tag) - report.number(tag)) >= tag.deadBand(parameters)
    }

    private func say(
        _ tag: FeederTag, _ report: FeederReport, _ truth: FeederReport, _ answer: FeederAnswer, _ stamp_ms: UInt64,
        at time: UInt64
    ) -> PlantNote {
        let isDoubtful = tag == .position && (report[tag] == 0 || report[tag] == 3)
        let quality: Claim.Quality = isDoubtful ? .bad : answer.isTested && tag.isTested ? .uncertain : .good
        return claim(
            FeederScreen.id(of: tag), report.value(of: tag), truth.value(of: tag), quality: quality,
            source_ns: stamp_ms * 1_000_000, at: time)
    }

    private func all(
        _ report: FeederReport, _ truth: FeederReport, _ quality: Claim.Quality, _ source_ns: UInt64?, at time: UInt64
    ) -> [PlantNote] {
        FeederTag.allCases.map { tag in
            claim(
                FeederScreen.id(of: tag), report.value(of: tag), truth.value(of: tag), quality: quality,
                source_ns: source_ns, at: time)
        }
    }
}
