import TapConfig
import TapCore
import TapDecode

extension PumpStationPlant {
    /// Questions up to a time: a bus carries each when it is asked, whatever the PLC does meanwhile.
    mutating func ask(before time: UInt64) {
        if let question = bus.ask(before: time) { serial.send(question.bytes, at: question.time) }
    }

    /// The bus at the end of a scan: the PLC answers, and so does the other station.
    mutating func converse(at time: UInt64) {
        ask(before: time)
        // A question may be over within this step, and its answer begin.
        serial.transmit(before: time, to: StationLine.serial.rawValue, of: &signals)
        guard let exchange = bus.open(at: time) else { return }
        if exchange.purpose != .station, !plc.isRunning || attacks.deniesView { return }
        let outcome = bus.outcome
        guard outcome != .lost else { return }
        var bytes = outcome == .refused ? refusal(exchange) : reply(to: exchange.purpose, at: time)
        if outcome == .garbled { bytes[bytes.count / 2] ^= 0x10 }
        serial.send(bytes, at: bus.answer(at: time, bytes: bytes.count, outcome))
    }

    /// Busy.
    private func refusal(_ exchange: StationBus.Exchange) -> [UInt8] {
        ModbusRTU.frame(unit: exchange.question[0], response: .exception(function: exchange.question[1], code: 6))
    }

    private mutating func reply(to purpose: StationBus.Purpose, at time: UInt64) -> [UInt8] {
        let unit = StationRegisters.unit
        switch purpose {
        case .station:
            return ModbusRTU.frame(unit: unit + 1, response: .registers(.inputRegisters, meterRegisters(at: time)))
        case .foreign:
            let values = StationRegisters.values(report())
            let first = Array(values.prefix(Int(StationBus.foreignRegisters)))
            return ModbusRTU.frame(unit: unit, response: .registers(.holdingRegisters, first))
        case .poll:
            var report = report()
            attacks.act(on: &report, at: time, inflow_m3ps: inflow.now_m3ps)
            answered = report
            return ModbusRTU.frame(unit: unit, response: .registers(.holdingRegisters, StationRegisters.values(report)))
        case .write(let write):
            accept(write, at: time)
            return ModbusRTU.frame(unit: unit, response: write.response)
        }
    }

    /// An energy meter's: volts, and what the pumps have run.
    func meterRegisters(at time: UInt64) -> [UInt16] {
        let seconds = UInt16(truncatingIfNeeded: time / 60_000_000_000)
        return [4_003, 3_998, 4_010, 0, seconds, UInt16(truncatingIfNeeded: pulses)]
    }

    func report() -> StationReport {
        StationReport(plc.program, litresPerPulse: parameters.meter.litresPerPulse)
    }

    /// What was written counts from the next scan on.
    mutating func accept(_ write: StationWrite, at time: UInt64) {
        let before = attacks.settings
        attacks.settings = write.settings(after: before)
        plc.program.settings = write.settings(after: plc.program.settings)
        if case .settings = write { approved?.settings = attacks.settings }
        switch write {
        case .resetAlarm(let pump):
            plc.program.reset(pump)
            operations.acknowledged(pump)
        case .muteSiren: plc.program.muteSiren()
        case .remote(let pump, let isOn): plc.program.pumps[pump].remote = isOn
        case .setting, .settings: break
        }
    }

    /// The HMI's side: it shows an answer, or that there was none.
    mutating func look(at time: UInt64) {
        let isAnswered = bus.shows == time
        if isAnswered {
            bus.show()
        } else {
            guard let purpose = bus.giveUp(at: time) else { return }
            // Whoever wanted it tries again.
            if case .write(let write) = purpose { operations.add(.write(write), at: time + 120_000_000_000) }
            guard purpose == .poll else { return }
        }
        let now = Timestamp(nanoseconds: time)
        claim(
            now, RegisterScreen<StationTag>.time, .text(ShortText(clock.text(at: shifted(time)))),
            .text(ShortText(clock.text(at: time))))
        claim(now, RegisterScreen<StationTag>.isAnswered, .bool(isAnswered), .bool(isAnswered))
        guard isAnswered, var shown = answered else { return }
        attacks.act(onScreen: &shown, at: time)
        for tag in StationTag.allCases {
            claim(now, RegisterScreen<StationTag>.id(of: tag), shown.value(of: tag), truth(of: tag))
        }
    }

    private mutating func claim(_ time: Timestamp, _ tag: TagID, _ value: Claim.Value, _ truth: Claim.Value) {
        notes.append(.claim(Claim(tag: tag, value: value, time: time), truth: truth))
    }

    /// As the HMI's clock has it: ahead, faster or slower, put right now and then, or set by a hand.
    private func shifted(_ time: UInt64) -> UInt64 {
        let since = time % max(1, UInt64(parameters.hmi.clockCorrected.count))
        let drift = Nanoseconds(Int64(Double(since) * parameters.bus.drift))
        return max(Timestamp.zero, Timestamp(nanoseconds: time) + parameters.hmi.clockError - drift + clockAhead)
            .nanoseconds
    }
}
