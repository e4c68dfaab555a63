public import TapConfig

/// The plants that scenarios may have. A new one is a folder beside this file, and a line here.
public enum Plants {
    public static let all: [PlantKind] = [
        PumpStation.kind, FeederBay.kind, BatchPlant.kind,
    ]
}
