import TapCore

/// Segments that are on the medium, the pins, and which segment has to go first.
///
/// The recorded time of a store is that of its sessions, one after the other, each as long as its longest source. The age of a
/// segment is measured in it, so no clock that is set changes that.
struct Holdings: Sendable, Hashable {
    struct Segment: Sendable, Hashable {
        var number: UInt64
        /// Name of its source, which stays the same over sessions.
        var source: String
        var session: UInt64
        var size: UInt64
        /// Where its records begin and end, from the begin of the session; nil: it has none.
        var span: ClosedRange<Nanoseconds>?
        /// Recorded time of the store where it ends.
        var end: Nanoseconds
    }

    /// What of a session places its records in time.
    struct Session: Sendable, Hashable {
        var number: UInt64 = 0
        var monotonic = Timestamp.zero
        /// Recorded time of the store before it.
        var base = Nanoseconds.zero
        var sources: [Source] = []
    }

    struct Source: Sendable, Hashable {
        var name: String
        var offsetToMonotonic: Nanoseconds
        /// Its clock is none of this machine.
        var isVirtual: Bool
        /// Where its first span began.
        var first: Timestamp?
    }

    /// In the order of their numbers.
    var segments: [Segment] = []
    var pins: [PinEntry] = []
    /// Number of the newest pin, whether it is still there or not.
    var lastPin: UInt64 = 0
    var recorded = Nanoseconds.zero
    var session = Session()
    /// When a session began, nanoseconds since 1970: the earliest and the latest of what start and clock fixes give. Not there:
    /// unknown.
    var begins: [UInt64: ClosedRange<Timestamp>] = [:]

    var bytes: UInt64 { segments.reduce(0) { $0 &+ $1.size } }

    mutating func take(_ entry: LogEntry) {
        switch entry {
        case .start(let entry): take(entry)
        case .segment(let entry):
            let source = Int(entry.source)
            let name = source < session.sources.count ? session.sources[source].name : ""
            segments.append(
                Segment(
                    number: entry.number, source: name, session: entry.session, size: entry.size, span: nil,
                    end: recorded))
        case .chunk(let entry): take(entry)
        case .seal(let entry):
            if let index = index(of: entry.segment) { segments[index].size = entry.offset &+ entry.length }
        case .drop(let entry):
            segments.removeAll { $0.number >= entry.first && $0.number <= entry.last }
            let sessions = Set(segments.map(\.session))
            begins = begins.filter { sessions.contains($0.key) || $0.key == session.number }
        case .pin(let entry):
            pins.append(entry)
            lastPin = max(lastPin, entry.number)
        case .unpin(let entry): pins.removeAll { $0.number == entry.number }
        case .initial, .handOver, .stop, .cut, .remark, .change, .outage, .pause: break
        }
    }

    private func index(of number: UInt64) -> Int? { segments.lastIndex { $0.number == number } }

    private mutating func take(_ entry: StartEntry) {
        session = Session(number: entry.session, monotonic: entry.monotonic, base: recorded)
        session.sources = entry.sources.map { source in
            Source(
                name: source.name, offsetToMonotonic: source.offsetToMonotonic,
                isVirtual: source.clock == ClockKind.virtual.rawValue || source.clock == ClockKind.file.rawValue)
        }
        let utc = Timestamp(nanoseconds: entry.utc_ns)
        begins[entry.session] = entry.utc_ns == 0 ? nil : utc...utc
    }

    private mutating func take(_ entry: ChunkEntry) {
        let number = Int(entry.source)
        guard number < session.sources.count, let index = index(of: entry.segment) else { return }
        let first = session.sources[number].first ?? entry.from
        session.sources[number].first = first
        recorded = max(recorded, session.base + (entry.to - first))
        let source = session.sources[number]
        let begin = source.isVirtual ? first : session.monotonic - source.offsetToMonotonic
        let (from, to) = (entry.from - begin, max(entry.from, entry.to) - begin)
        let span = segments[index].span ?? from...to
        segments[index].span = min(span.lowerBound, from)...max(span.upperBound, to)
        segments[index].end = max(segments[index].end, session.base + (entry.to - first))
        guard !source.isVirtual else { return }
        for fix in entry.clockFixes {
            let utc = Timestamp(nanoseconds: fix.utcNanoseconds) - (fix.monotonic - session.monotonic)
            let begin = begins[entry.session] ?? utc...utc
            begins[entry.session] = min(begin.lowerBound, utc)...max(begin.upperBound, utc)
        }
    }

    /// As they are on the medium: a segment that is not there takes no room.
    mutating func setSizes(_ sizes: [UInt64: UInt64]) {
        for index in segments.indices { segments[index].size = sizes[segments[index].number] ?? 0 }
    }

    /// Whether a pin holds it. Where its date is not known, each pin does.
    func isPinned(_ segment: Segment) -> Bool {
        guard !pins.isEmpty, let span = segment.span else { return false }
        guard let begin = begins[segment.session] else { return true }
        let from = (begin.lowerBound + span.lowerBound).nanoseconds
        let to = (begin.upperBound + span.upperBound).nanoseconds
        return pins.contains { from < $0.utcTo && to >= $0.utcFrom }
    }

    /// The segment that has to go next, and why; nil: none.
    ///
    /// - Parameters:
    ///   - open: numbers of those that are being written.
    ///   - isShort: little is free on the medium.
    func next(_ options: StoreOptions, keeping open: Set<UInt64>, isShort: Bool) -> (segment: Segment, why: String)? {
        func mayGo(_ segment: Segment) -> Bool { !open.contains(segment.number) && !isPinned(segment) }
        if let age = options.keepFor {
            let old = segments.first { recorded - $0.end > age && mayGo($0) }
            if let old { return (old, "more than \(age.count / 1_000_000_000) s of recorded time ago") }
        }
        guard options.isLimited else { return nil }
        if let most = options.keepBytes, bytes > most {
            return mostOverShare(options.shares, mayGo).map { ($0, "more than \(most) bytes") }
        }
        guard isShort else { return nil }
        return mostOverShare(options.shares, mayGo).map { ($0, "less than \(options.keepFree) bytes are free") }
    }

    /// The oldest of the source that holds the most for its share, of those with one that may go: what floods its segments
    /// loses its own, and what a source does not need is left to the others.
    private func mostOverShare(_ shares: [String: UInt64], _ mayGo: (Segment) -> Bool) -> Segment? {
        var held: [String: (bytes: Double, oldest: Segment?)] = [:]
        var names: [String] = []
        for segment in segments {
            if held[segment.source] == nil { names.append(segment.source) }
            var source = held[segment.source] ?? (0, nil)
            source.bytes += Double(segment.size)
            if source.oldest == nil, mayGo(segment) { source.oldest = segment }
            held[segment.source] = source
        }
        var most: (bytes: Double, oldest: Segment)?
        for name in names {
            guard let source = held[name], let oldest = source.oldest else { continue }
            let bytes = source.bytes / Double(max(1, shares[name] ?? 1))
            if bytes > most?.bytes ?? -1 { most = (bytes, oldest) }
        }
        return most?.oldest
    }
}
