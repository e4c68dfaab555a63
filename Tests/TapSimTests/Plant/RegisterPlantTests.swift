import TapConfig
import TapCore
import TapDecode
import Testing

@testable import TapSim

/// What a plant's units would answer to one more client, judged by what they answer to the HMI on the serial line.
@Suite struct RegisterPlantTests {
    private struct Reading {
        /// By the end of each step.
        var registers: [[UInt16]?] = []
        var answers: [(step: Int, registers: [UInt16])] = []
    }

    /// Reads at the end of each step.
    private static func read(
        _ plant: some RegisterPlant, step: UInt64, seconds: UInt64, asking: Bool = true
    ) throws -> (Reading, [Signals.Transition]) {
        var (plant, reading) = (plant, Reading())
        for number in 1...(seconds * 1_000_000_000 / step) {
            plant.advance(to: Timestamp(nanoseconds: number * step))
            if asking { reading.registers.append(plant.registers(ofUnit: 1)) }
        }
        let edges = try #require(plant.signals.digital.first { $0.name == "RS485" }).transitions
        for frame in SerialLine.frames(edges) {
            guard case .response(.registers(.holdingRegisters, let registers), _, _) = frame.role else { continue }
            reading.answers.append((Int((frame.start.nanoseconds - 1) / step), registers))
        }
        return (reading, edges)
    }

    /// - Parameter clock: registers of a clock at the beginning, which go on within a step.
    private func agree(_ plant: some RegisterPlant, step: UInt64, clock: Int = 0) throws {
        let (reading, edges) = try Self.read(plant, step: step, seconds: 40)
        #expect(reading.answers.count >= 38)
        for (step, registers) in reading.answers {
            let read = try #require(reading.registers[step])
            #expect(read.count == registers.count && read.dropFirst(clock) == registers.dropFirst(clock))
        }
        // Reading changes nothing.
        #expect(try Self.read(plant, step: step, seconds: 40, asking: false).1 == edges)
    }

    @Test func `a pump station answers anybody what it answers its screen, lies included`() throws {
        let lie = Attack(
            StationAttack.frozen, from: .seconds(10), to: .seconds(30), target: "LEVEL", value: false, strength: nil,
            span: nil)
        try agree(PumpStationPlant(.quick, seed: 1, attacks: [lie]), step: PumpStationPlant.step_ns)
    }

    @Test func `a feeder bay answers anybody what it answers its screen, lies included`() throws {
        let lie = Attack.feeder(.scaling, from: .seconds(20), to: .seconds(30), target: "I_A", strength: 0.5)
        try agree(FeederBayPlant(.quiet, seed: 1, attacks: [lie]), step: FeederBayPlant.step_ns, clock: 4)
    }

    @Test func `a batch plant answers anybody what it answers its screen, lies included`() throws {
        let lie = Attack(
            batch: .frozen, from: .seconds(10), to: .seconds(30), target: "WEIGHT", value: false, strength: nil,
            span: nil)
        try agree(BatchMachine(.quick, seed: 1, attacks: [lie]), step: BatchMachine.step_ns)
    }

    @Test func `a unit that is not there, or is off, answers nobody`() throws {
        let off = PumpStation.quick.with(.programDownload, at: 5, for: 10)
        let (reading, _) = try Self.read(
            PumpStationPlant(off, seed: 1), step: PumpStationPlant.step_ns, seconds: 20)
        #expect(reading.registers[200] != nil && reading.registers[400] == nil && reading.registers[999] != nil)
        let plant = PumpStationPlant(.quick, seed: 1)
        #expect([0, 3, 255].allSatisfy { plant.registers(ofUnit: $0) == nil })
    }

    @Test func `only a scenario with a plant that answers has registers`() {
        #expect(PlantRegisters(Scenario(name: "waves")) == nil)
    }
}
