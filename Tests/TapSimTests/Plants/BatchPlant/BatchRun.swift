import TapConfig
import TapCore
import Testing

@testable import TapSim

typealias BatchRun = PlantRun<BatchMachine>

extension BatchRun {
    init(_ parameters: BatchPlant = .quick, seed: UInt64 = 1, attacks: [Attack] = [], seconds: UInt64 = 0) {
        self.init(BatchMachine(parameters, seed: seed, attacks: attacks), seconds: seconds)
    }

    /// Goes on until the program is in a step.
    mutating func advance(until step: BatchStep) {
        var now = seconds
        while plant.plc.program.step != step, now < 3_000 {
            now += 1
            advance(to: now)
        }
        if plant.plc.program.step != step { Issue.record("no \(step.name) within 3,000 s") }
    }
}

extension BatchPlant {
    /// One batch C from the start, by wide pipes, with much heat and little acid: done in half an hour.
    static var quick: BatchPlant {
        var parameters = BatchPlant()
        parameters.vessel.waste_kgps = 8
        parameters.vessel.water_kgps = 8
        parameters.vessel.drain_kgps = 20
        parameters.heater.voltage_V = 1_200
        parameters.chemistry.acid_molpl = 0.02
        parameters.chemistry.buffer_molpl = 0.02
        parameters.routine = .none
        // When people are there.
        parameters.clock.start.secondOfDay = 28_800
        parameters.events = [Event(what: .order, at: .zero, duration: .seconds(1), recipe: 3)]
        return parameters
    }

    func with(_ what: Event.Kind, at: Int64, for duration: Int64, valve: Int = 1) -> BatchPlant {
        var parameters = self
        parameters.events.append(Event(what: what, at: .seconds(at), duration: .seconds(duration), valve: valve))
        return parameters
    }
}
