import TapConfig
import TapCore

@testable import TapSim

typealias FeederRun = PlantRun<FeederBayPlant>

extension FeederRun {
    init(_ parameters: FeederBay = .quiet, seed: UInt64 = 1, attacks: [Attack] = [], seconds: UInt64 = 0) {
        self.init(FeederBayPlant(parameters, seed: seed, attacks: attacks), seconds: seconds)
    }

    /// Of a current's sine, RMS.
    func rms(_ name: String, at seconds: Double) -> Double {
        (curve(name).last { Double($0.time) <= seconds * 1e9 }?.amplitude ?? 0) * 0.7071067811865476
    }
}

extension FeederBay {
    /// A working day at ten, on which nothing happens.
    static var quiet: FeederBay {
        var parameters = FeederBay()
        parameters.clock.start.secondOfDay = 36_000
        parameters.routine = .none
        return parameters
    }

    func with(_ what: Event.Kind, at: Int64, for duration: Nanoseconds) -> FeederBay {
        var parameters = self
        parameters.events.append(Event(what: what, at: .seconds(at), duration: duration))
        return parameters
    }
}
