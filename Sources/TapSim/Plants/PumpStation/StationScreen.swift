import TapConfig
import TapCore
import TapDecode

/// The HMI's exchange with the PLC: Modbus RTU, one question a period for all registers.
enum StationScreen {
    static let slave: UInt8 = 1
    /// Of the first second, so that it falls on no round time.
    static let firstQuestion: UInt64 = 137_000_000

    /// Registers of 16 bits that the tags take.
    static let registers = StationTag.allCases.reduce(0) { $0 + $1.registers }

    /// The usual one of Modbus: even parity.
    static func format(_ screen: PumpStation.Screen) -> UARTFormat {
        UARTFormat(baud: screen.baud, dataBits: 8, parity: .even, stopBits: .one)
    }

    static func timing(_ screen: PumpStation.Screen) -> Poller.Timing {
        let format = format(screen)
        let silence = ModbusRTU.silences(format).between
        func span(_ bytes: Int) -> UInt64 {
            UInt64((format.span(ofCharacters: UInt64(bytes)) + silence).count)
        }
        return Poller.Timing(
            period: UInt64(screen.period.count), question: span(8), answer: span(5 + 2 * registers),
            display: 8_000_000)
    }

    /// Its own two, then what the PLC answers.
    static let tags: [TagInfo] =
        ["HMI_TIME", "PLC_COMM"].enumerated().map { number, name in
            TagInfo(id: TagID(UInt16(number)), name: name, source: "hmi")
        } + StationTag.allCases.map { TagInfo(id: id(of: $0), name: $0.name, source: "hmi", unit: $0.unit) }

    static let time = TagID(0)
    static let isAnswered = TagID(1)
    static func id(of tag: StationTag) -> TagID { TagID(UInt16(tag.rawValue + 2)) }

    static let question = ModbusRTU.frame(
        unit: slave, request: .read(.holdingRegisters, address: 0, count: UInt16(registers)))

    static func answer(_ report: StationReport) -> [UInt8] {
        var words: [UInt16] = []
        words.reserveCapacity(registers)
        for tag in StationTag.allCases {
            let count = UInt32(bitPattern: report[tag])
            if tag.registers == 2 { words.append(UInt16(truncatingIfNeeded: count >> 16)) }
            words.append(UInt16(truncatingIfNeeded: count))
        }
        return ModbusRTU.frame(unit: slave, response: .registers(.holdingRegisters, words))
    }
}

extension PumpStationPlant {
    /// The PLC's side of an exchange, at the end of a scan.
    mutating func converse(at time: UInt64) {
        let question = screen.nextQuestion
        if screen.ask(before: time) { serial.send(StationScreen.question, at: question) }
        guard plc.isRunning, !attacks.deniesView, let open = screen.openSince, open <= time else { return }
        var report = StationReport(plc.program, litresPerPulse: parameters.meter.litresPerPulse)
        attacks.act(on: &report, at: time, inflow_m3ps: inflow.now_m3ps)
        answered = report
        screen.answer(at: time)
        serial.send(StationScreen.answer(report), at: time)
    }

    /// The HMI's side: it shows an answer, or that there was none.
    mutating func look(at time: UInt64) {
        let isAnswered = screen.shows == time
        if isAnswered { screen.show() } else { screen.giveUp() }
        let now = Timestamp(nanoseconds: time)
        claim(
            now, StationScreen.time, .text(ShortText(clock.text(at: shifted(time)))),
            .text(ShortText(clock.text(at: time))))
        claim(now, StationScreen.isAnswered, .bool(isAnswered), .bool(isAnswered))
        guard isAnswered, let answered else { return }
        for tag in StationTag.allCases {
            claim(now, StationScreen.id(of: tag), answered.value(of: tag), truth(of: tag))
        }
    }

    private mutating func claim(_ time: Timestamp, _ tag: TagID, _ value: Claim.Value, _ truth: Claim.Value) {
        notes.append(.claim(Claim(tag: tag, value: value, time: time), truth: truth))
    }

    private func shifted(_ time: UInt64) -> UInt64 {
        (Timestamp(nanoseconds: time) + parameters.hmi.clockError).nanoseconds
    }
}
