import TapConfig
import TapCore
import TapDecode
import Testing

@testable import TapSim

/// What an operator writes into the PLC's registers from outside of the run.
@Suite struct StationWriteTests {
    private static var open: PumpStation {
        var parameters = PumpStation.quick
        parameters.bus.takesWrites = true
        return parameters
    }

    @Test func `set points are taken at once, and those that are not written stay`() {
        var run = StationRun(Self.open, seconds: 5)
        let one = ModbusRequest.writeRegister(address: 12, value: 900)
        #expect(run.plant.write(one, toUnit: 1) == .wroteRegister(address: 12, value: 900))
        let two = ModbusRequest.writeRegisters(address: 13, [2_500, 3_500])
        #expect(run.plant.write(two, toUnit: 1) == .wroteRegisters(address: 13, count: 2))
        #expect(run.plant.registers(ofUnit: 1)?[11...14] == [2_000, 900, 2_500, 3_500])
        run.advance(to: 10)
        #expect(run.shown("SP_STOP", at: 9) == .number(0.9))
        // What an operator changes is approved.
        #expect(run.errors("SP_STOP").allSatisfy { abs($0) < 1e-9 })
    }

    @Test func `a pump is started by a command, and left to the program again`() {
        var parameters = Self.open
        parameters.well.firstLevel_m = 1.8
        parameters.inflow.mean_m3ps = 0.001
        var run = StationRun(parameters, seconds: 20)
        #expect(run.plant.write(.writeRegister(address: 19, value: 33), toUnit: 1) != nil)
        run.advance(to: 23)
        #expect(run.rises("P2_CMD").first.map { (20_000_000_000...20_100_000_000).contains($0) } == true)
    }

    @Test func `the same writes at the same times give the same run`() {
        func run() -> StationRun {
            var run = StationRun(Self.open, seed: 7, seconds: 20)
            _ = run.plant.write(.writeRegister(address: 11, value: 1_500), toUnit: 1)
            run.advance(to: 60)
            return run
        }
        let (one, other) = (run(), run())
        #expect(one.claims == other.claims && one.edges("P1_CMD") == other.edges("P1_CMD"))
    }

    @Test func `what cannot be is refused by the code that says why`() {
        var run = StationRun(Self.open, seconds: 1)
        func code(_ request: ModbusRequest) -> UInt8? {
            guard case .exception(request.function, let code)? = run.plant.write(request, toUnit: 1) else { return nil }
            return code
        }
        let registers = run.plant.registers(ofUnit: 1)
        #expect(code(.writeCoil(address: 0, isOn: true)) == 1)
        #expect(code(.maskRegister(address: 11, and: 0, or: 1)) == 1)
        #expect(code(.writeRegister(address: 0, value: 1)) == 2)
        #expect(code(.writeRegisters(address: 13, [1, 2, 3])) == 2)
        #expect(code(.writeRegisters(address: 19, [1, 2])) == 2)
        #expect(code(.writeRegister(address: 65_535, value: 1)) == 2)
        #expect(code(.writeRegister(address: 11, value: 5_001)) == 3)
        #expect(code(.writeRegister(address: 11, value: 0xFFFF)) == 3)
        #expect(code(.writeRegister(address: 19, value: 4)) == 3)
        #expect(run.plant.registers(ofUnit: 1) == registers)
        // The meter, and a station that lets nobody write.
        #expect(run.plant.write(.writeRegister(address: 0, value: 1), toUnit: 2) == nil)
        var closed = StationRun(.quick, seconds: 1)
        #expect(closed.plant.write(.writeRegister(address: 11, value: 1_500), toUnit: 1) == nil)
    }
}
