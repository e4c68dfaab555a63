import TapConfig
import TapCore

/// The HMI's exchange with the PLC: Modbus RTU, one question a period for all registers.
enum StationScreen {
    static let slave: UInt8 = 1
    /// Of the first second, so that it falls on no round time.
    static let firstQuestion: UInt64 = 137_000_000

    /// Registers of 16 bits that the tags take.
    static let registers = StationTag.allCases.reduce(0) { $0 + $1.registers }

    static func timing(_ screen: PumpStation.Screen) -> Poller.Timing {
        // Start, 8 bits, parity, stop (Modbus over serial line V1.02, 2.5.1); 3.5 characters of silence end a frame,
        // 1.75 ms above 19,200 baud.
        let character = 11 * 1_000_000_000 / UInt64(screen.baud)
        let silence = screen.baud > 19_200 ? 1_750_000 : character * 7 / 2
        return Poller.Timing(
            period: UInt64(screen.period.count), question: 8 * character + silence,
            answer: UInt64(5 + 2 * registers) * character + silence, display: 8_000_000)
    }
}

extension PumpStationPlant {
    /// The PLC's side of an exchange, at the end of a scan.
    mutating func converse(at time: UInt64) {
        _ = screen.ask(before: time)
        guard plc.isRunning, !attacks.deniesView, let open = screen.openSince, open <= time else { return }
        var report = StationReport(plc.program, litresPerPulse: parameters.meter.litresPerPulse)
        attacks.act(on: &report, at: time, inflow_m3ps: inflow.now_m3ps)
        answered = report
        screen.answer(at: time)
    }

    /// The HMI's side: it shows an answer, or that there was none.
    mutating func look(at time: UInt64) {
        let isAnswered = screen.shows == time
        if isAnswered { screen.show() } else { screen.giveUp() }
        let now = Timestamp(nanoseconds: time)
        claim(now, "HMI_TIME", .text(clock.text(at: shifted(time))))
        claim(now, "PLC_COMM", .bool(isAnswered))
        guard isAnswered, let answered else { return }
        for tag in StationTag.allCases { claim(now, tag.name, answered.value(of: tag)) }
    }

    private mutating func claim(_ time: Timestamp, _ tag: String, _ value: Claim.Value) {
        notes.append(.claim(Claim(time: time, source: "hmi", tag: tag, value: value)))
    }

    private func shifted(_ time: UInt64) -> UInt64 {
        (Timestamp(nanoseconds: time) + parameters.hmi.clockError).nanoseconds
    }
}
