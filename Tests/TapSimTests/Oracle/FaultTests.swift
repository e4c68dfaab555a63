import TapConfig
import TapCore
import Testing

@testable import TapSim

/// Faults of the plants by the oracle.
@Suite struct FaultTests {
    private func verdicts(_ plant: any PlantDescription, seconds: Int64) throws -> [Verdict] {
        try #require(Oracle(Scenario(name: "faults", plant: plant), until: .seconds(seconds)).judge())
    }

    @Test(arguments: PumpStation.Event.Kind.allCases.filter(\.isFault))
    func `each fault of the pump station has its answer, and nothing differs before`(
        _ kind: PumpStation.Event.Kind
    ) throws {
        let found = try verdicts(PumpStation.quick.with(kind, at: 60, for: 120), seconds: 240)
        #expect(found.map(\.label.name) == [kind.rawValue])
        #expect(found[0].differsBefore == nil)
        let signal: [PumpStation.Event.Kind: String] = [
            .lostPhase: "P1_I", .loopOpen: "LT1", .loopShorted: "LT1", .contactorWelded: "P1_FB",
        ]
        if let signal = signal[kind] {
            #expect(found[0].evidence.contains { $0.relation == .wireAgainstMachine && $0.subject == signal })
        }
    }

    @Test(arguments: FeederBay.Event.Kind.allCases.filter(\.isFault))
    func `each fault of the feeder bay has its answer, and nothing differs before`(
        _ kind: FeederBay.Event.Kind
    ) throws {
        let found = try verdicts(FeederBay.quiet.with(kind, at: 10, for: .seconds(10)), seconds: 30)
        #expect(found.map(\.label.name) == [kind.rawValue])
        #expect(found[0].differsBefore == nil)
        let signal: [FeederBay.Event.Kind: String] = [.gasLow: "GAS_OK", .coilOpen: "TCS"]
        if let signal = signal[kind] {
            #expect(found[0].evidence.contains { $0.relation == .wireAgainstMachine && $0.subject == signal })
        }
    }

    @Test(arguments: BatchPlant.Event.Kind.allCases.filter(\.isFault))
    func `each fault of the batch plant has its answer, and nothing differs before`(
        _ kind: BatchPlant.Event.Kind
    ) throws {
        var plant = BatchPlant.quick
        plant.events.append(BatchPlant.Event(what: kind, at: .seconds(300), duration: .seconds(300)))
        let found = try verdicts(plant, seconds: 700)
        #expect(found.map(\.label.name) == [kind.rawValue])
        #expect(found[0].differsBefore == nil)
    }

    @Test func `faults that come by chance are those of the run, and each can be left out`() throws {
        var station = PumpStation.quick
        station.routine.perDay = [.rag: 1, .loopOpen: 1, .fouling: 1, .loopShorted: 1]
        // All of the day's are in its last ten minutes.
        station.clock.start.secondOfDay = 85_800
        let run = StationRun(station, seed: 3, seconds: 600)
        let faults = station.faults(seed: 3, before: .seconds(600))
        #expect(Set(faults.map(\.name)) == ["rag", "loop-open", "fouling", "loop-shorted"])
        #expect(run.labels.filter { $0.kind == .fault } == faults)
        let fault = try #require(faults.first)
        let other = try #require(station.without(fault) as? PumpStation)
        #expect(other.faults(seed: 3, before: .seconds(600)) == Array(faults.dropFirst()))
    }
}
