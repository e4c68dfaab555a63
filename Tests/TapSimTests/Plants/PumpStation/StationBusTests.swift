import TapConfig
import TapCore
import TapDecode
import Testing

@testable import TapSim

/// What goes over the serial line, and when.
@Suite struct StationBusTests {
    private static func written(_ run: StationRun) -> [(time: UInt64, request: ModbusRequest)] {
        SerialLine.frames(run.edges("RS485")).compactMap { frame in
            guard case .request(let request) = frame.role else { return nil }
            switch request {
            case .writeRegister, .writeRegisters: return (frame.start.nanoseconds, request)
            default: return nil
            }
        }
    }

    @Test func `registers have floats, signs, slopes, bits and both orders of words`() {
        var report = StationReport()
        report.set(.level, to: 1.5)
        report[.flow] = -123
        report.set(.pressure, to: 4)
        report[.volume] = 70_000
        for tag in [StationTag.run2, .siren, .alarmLevel] { report[tag] = 1 }
        (report[.mode1], report[.mode2], report[.mode]) = (1, 2, 3)
        report.set(.stop, to: 1)
        report[.starts2] = 3
        let registers = StationRegisters.values(report)
        #expect(registers.count == Int(StationRegisters.count))
        #expect(registers[0] == 0x3FC0 && registers[1] == 0)
        #expect(Int16(bitPattern: registers[2]) == -123)
        #expect(registers[3] == 27_648)
        #expect(registers[6] == 4_464 && registers[7] == 1)
        #expect(registers[8] == 0b10010 && registers[9] == 0b10000)
        #expect(registers[10] == 57)
        #expect(registers[12] == 1_000)
        #expect(registers[17] == 3 && registers[18] == 0)
    }

    @Test func `an operator's set points go over the bus, and claims follow`() throws {
        let run = StationRun(.quick.with(.settingChanged, at: 20, for: 30), seconds: 60)
        let writes = Self.written(run)
        let expected: [ModbusRequest] = [
            .writeRegisters(address: 11, [1_900, 1_000, 2_500, 3_500]),
            .writeRegisters(address: 11, [2_000, 1_000, 2_600, 3_600]),
        ]
        #expect(writes.map(\.request) == expected)
        #expect(run.shown("SP_START", at: 19) == .number(2) && run.shown("SP_START", at: 22) == .number(1.9))
        // An operator's change is approved.
        #expect(run.errors("SP_START").allSatisfy { abs($0) < 1e-9 })
        #expect(run.shown("SP_HIGH", at: 59) == .number(3.6))
    }

    @Test func `an attacker's write is heard on the bus, one through the programming port is not`() throws {
        func run(_ variant: StationAttack) -> StationRun {
            StationRun(
                attacks: [Attack(variant, from: .seconds(20), to: .seconds(40), target: "SP_HIGH", strength: 0.5)],
                seconds: 60)
        }
        let written = run(.settingWritten)
        let expected: [ModbusRequest] = [
            .writeRegister(address: 14, value: 4_100), .writeRegister(address: 14, value: 3_600),
        ]
        #expect(Self.written(written).map(\.request) == expected)
        #expect(written.judged("SP_HIGH", at: 30)?.said == .number(4.1))
        #expect(written.judged("SP_HIGH", at: 30)?.truth == .number(3.6))
        #expect(written.errors("SP_HIGH").suffix(15).allSatisfy { abs($0) < 1e-9 })
        let silent = run(.thresholdMoved)
        #expect(Self.written(silent).isEmpty && silent.shown("SP_HIGH", at: 30) == .number(4.1))
    }

    @Test func `a pump is started and stopped from afar`() throws {
        var parameters = PumpStation.quick.with(.remoteRun, at: 20, for: 20, pump: 2)
        parameters.well.firstLevel_m = 1.8
        parameters.inflow.mean_m3ps = 0.001
        let run = StationRun(parameters, seconds: 60)
        let expected: [ModbusRequest] = [
            .writeRegister(address: 19, value: 33), .writeRegister(address: 19, value: 32),
        ]
        #expect(Self.written(run).map(\.request) == expected)
        let start = try #require(run.rises("P2_CMD").first)
        #expect((20_000_000_000...22_000_000_000).contains(start))
        #expect(run.rises("P1_CMD").isEmpty)
    }

    @Test func `alarms are acknowledged and the siren is muted over the bus`() {
        var parameters = PumpStation.quick.with(.lostPhase, at: 1, for: 30)
        parameters.inflow.mean_m3ps = 0.02
        let run = StationRun(parameters, seconds: 6_000)
        #expect(Self.written(run).contains { $0.request == .writeRegister(address: 19, value: 1) })
        #expect(run.shown("ALM_P1_FAIL", at: 5_990) == .bool(false))
        var flood = PumpStation.quick
        flood.inflow.mean_m3ps = 0.35
        flood.well.firstLevel_m = 3
        let loud = StationRun(flood, seconds: 500)
        #expect(Self.written(loud).contains { $0.request == .writeRegister(address: 19, value: 3) })
        #expect(loud.rises("SIREN").count == 1 && loud.falls("SIREN").count == 1)
    }

    @Test func `polls jitter and walk through the cycle, and answers take their time`() throws {
        var parameters = PumpStation.quick
        (parameters.bus.jitter, parameters.bus.drift) = (.milliseconds(30), 0.000_03)
        parameters.bus.response = .milliseconds(12)
        parameters.bus.stations = 1
        let run = StationRun(parameters, seconds: 60)
        let frames = SerialLine.frames(run.edges("RS485"))
        #expect(frames.allSatisfy { $0.faults.isEmpty })
        let polls = frames.filter { $0.bytes.count == 8 && $0.bytes[0] == 1 }.map(\.start.nanoseconds)
        let gaps = zip(polls, polls.dropFirst()).map { Int64($1) - Int64($0) - 1_000_000_000 }
        #expect(polls.count == 60 && Set(gaps).count > 50 && gaps.allSatisfy { abs($0) < 31_000_000 })
        #expect(frames.count { $0.bytes[0] == 2 } == 60)
        #expect(run.claims("LEVEL").count == 60)
    }

    @Test func `a garbled, refused or lost answer is asked for again, and some are given up`() {
        var parameters = PumpStation.quick
        (parameters.bus.errors, parameters.bus.retries) = (0.5, 1)
        let run = StationRun(parameters, seconds: 200)
        let frames = SerialLine.frames(run.edges("RS485"))
        #expect(frames.contains { !$0.faults.isEmpty })
        #expect(frames.contains { $0.bytes.count == 5 && $0.bytes[1] == 0x83 })
        let answered = run.claims("PLC_COMM").count { $0.value == .bool(true) }
        let failed = run.claims("PLC_COMM").count { $0.value == .bool(false) }
        #expect(answered > 120 && answered < 190 && failed > 5)
        #expect(run.claims("LEVEL").count == answered)
    }

    @Test func `a hand-held client asks too, and a restarting HMI asks nothing`() {
        let visited = StationRun(.quick.with(.secondClient, at: 20, for: 10), seconds: 40)
        let asked = SerialLine.frames(visited.edges("RS485")).filter {
            if case .request(.read(_, _, let count)) = $0.role { count == 10 } else { false }
        }
        #expect((12...15).contains(asked.count))
        #expect(visited.claims("LEVEL").count == 40)
        let restarted = StationRun(.quick.with(.hmiRestart, at: 20, for: 10), seconds: 40)
        #expect(restarted.claims.allSatisfy { !(20_000_000_000..<30_000_000_000).contains($0.time.nanoseconds) })
        #expect(restarted.claims("LEVEL").count == 30)
    }
}
