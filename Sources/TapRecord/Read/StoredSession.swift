import TapCore

/// How the records of one session are placed in the capture: their times and numbers.
struct StoredSession {
    let number: UInt64
    /// Where it begins on the axis of the capture.
    let begin: Timestamp
    private let shifts: [Int64]
    /// From the monotonic clock of its machine to the capture's axis.
    let placed: Int64
    /// By source.
    let numbers: [SourceNumbers]
    private let provenances: [String]
    private let allowedLateness: [Nanoseconds]
    /// Records of so long are held at most, whatever a store says.
    private static let mostLateness = Nanoseconds.seconds(60)

    /// - Parameters:
    ///   - latest: the latest time of the sessions before it; nil: it is the first.
    ///   - first: the first session, whose clock gives the axis.
    init(_ start: StartEntry, numbers: StoreNumbers, after latest: Timestamp?, first: StartEntry?) {
        number = start.session
        // Sources of one clock keep their stamps; otherwise they are mapped to the monotonic clock.
        let firstOffsets = Set((first ?? start).sources.map(\.offsetToMonotonic))
        let common = firstOffsets.count == 1 ? firstOffsets.first!.count : 0
        var base: Int64 = 0
        let origin = numbers.origins[start.session] ?? start.monotonic
        var begin = origin
        if let latest, let first {
            let distance = Int64(bitPattern: start.utc_ns &- first.utc_ns)
            let wanted = (numbers.origins[first.session] ?? first.monotonic) + Nanoseconds(distance)
            begin = max(wanted, latest + Nanoseconds(common))
            base = (begin - origin).count
        }
        self.begin = begin - Nanoseconds(common)
        placed = base &- common
        shifts = start.sources.map { $0.offsetToMonotonic.count &+ base &- common }
        provenances = start.sources.map(\.provenance)
        allowedLateness = start.sources.map { min(max(.zero, $0.allowedLateness), StoredSession.mostLateness) }
        self.numbers = start.sources.enumerated().map { index, table in
            SourceNumbers(
                lines: numbers.lines(of: table), devices: numbers.devices(of: table),
                tags: numbers.tags(of: table, session: start.session, source: index))
        }
    }

    func time(_ time: Timestamp, of source: Int) -> Timestamp { time + Nanoseconds(shifts[source]) }

    /// Up to when nothing is to come behind a chunk that ends at that time, but for what is late.
    func promise(_ time: Timestamp, of source: Int) -> Timestamp {
        self.time(time, of: source) - allowedLateness[source]
    }

    /// Only a source that replays a file gives notes among the records of lines, devices and tags; entries do not count them.
    func mayHaveNotes(_ source: Int) -> Bool { provenances[source] == Provenance.replayed.rawValue }

    func sink(_ source: Int) -> StoredSink {
        StoredSink(shift: Nanoseconds(shifts[source]), numbers: numbers[source])
    }
}
