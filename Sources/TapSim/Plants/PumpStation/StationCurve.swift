import TapConfig

enum StationCurve: Int, CaseIterable {
    case level, flow, current1, current2, pressure

    static func current(_ pump: Int) -> Int { current1.rawValue + pump }

    var name: String { PumpStation.curves[rawValue].name }
    var unit: String { PumpStation.curves[rawValue].unit }
}
