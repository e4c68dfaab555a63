import TapCore

/// What a plant's screen says, as a source of its own: it reaches tap by another way than the wires.
///
/// Sound as Sendable: the plant is shared only within a machine, all of which is used on one thread at a time.
struct ScreenSource: ~Copyable, TapSource, @unchecked Sendable {
    let info: SourceInfo
    private let plant: PlantFeed
    private let selection: ClaimSelection

    private static let tick = Nanoseconds.milliseconds(10)

    /// - Parameter names: of the tags that are wanted; nil: all.
    init(_ plant: PlantFeed, _ names: [String]?) {
        self.plant = plant
        selection = ClaimSelection(plant.tags, names: names)
        info = SourceInfo(
            name: "screen", provenance: .simulated, clock: ClockDomain(.virtual), capabilities: .claims,
            tags: selection.tags)
    }

    mutating func start(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake { .at(now) }

    mutating func step(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        write(upTo: now, into: &writer)
        writer.watermark(at: now)
        return .at(now + ScreenSource.tick)
    }

    mutating func stop(at now: Timestamp, into writer: inout RecordWriter) { write(upTo: now, into: &writer) }

    private func write(upTo now: Timestamp, into writer: inout RecordWriter) {
        plant.reach(now.nanoseconds)
        while let claim = plant.nextClaim, claim.time <= now {
            if let claim = selection.selected(claim) { writer.event(.claim(claim)) }
            plant.dropClaim()
        }
    }
}
