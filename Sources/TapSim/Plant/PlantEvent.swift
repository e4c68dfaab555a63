import TapCore

/// Something that happens at a given time, as a scenario names it or a plant's routine brings it about.
protocol PlantEvent: Sendable {
    associatedtype Kind: RawRepresentable<String>, CaseIterable, Sendable

    var what: Kind { get }
    /// After the run's start.
    var at: Nanoseconds { get }
    var duration: Nanoseconds { get }
}

extension PlantEvent {
    func overlaps(_ other: Self) -> Bool { at < other.at + other.duration && other.at < at + duration }
}
