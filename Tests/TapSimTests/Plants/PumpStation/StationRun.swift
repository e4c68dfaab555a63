import TapConfig
import TapCore

@testable import TapSim

typealias StationRun = PlantRun<PumpStationPlant>

extension StationRun {
    init(_ parameters: PumpStation = .quick, seed: UInt64 = 1, attacks: [Attack] = [], seconds: UInt64 = 0) {
        self.init(PumpStationPlant(parameters, seed: seed, attacks: attacks), seconds: seconds)
    }
}

extension PumpStation {
    /// A small well and much water: a pump starts after a few seconds, and every two or three minutes again.
    static var quick: PumpStation {
        var parameters = PumpStation.tidy
        parameters.well.area_m2 = 2
        parameters.well.firstLevel_m = 1.95
        parameters.inflow.mean_m3ps = 0.04
        parameters.inflow.rainsPerDay = 0
        parameters.routine = .none
        return parameters
    }

    func with(_ what: Event.Kind, at: Int64, for duration: Int64, pump: Int = 1) -> PumpStation {
        var parameters = self
        parameters.events.append(
            Event(what: what, at: .seconds(at), duration: .seconds(duration), pump: pump))
        return parameters
    }
}
