public import TapCore

/// Where in a store the records of a time are: so that a short span of a long store is read without reading its log. It is of
/// the store as it was when it was opened; what is recorded later is in one that is `grown`.
///
/// Memory: about 60 bytes for 64 entries of the log. Safe from any thread; each reader is for one.
public final class StoreIndex: Sendable {
    /// Of the capture that the store is.
    public let header: SessionHeader
    public let path: String
    /// The store's name for itself.
    public let origin: String
    /// How what is in it came about, as `hardware`; empty: its log does not say.
    public let provenance: String
    /// Entries of the log, and the root of their tree in hexadecimal digits.
    public let entries: UInt64
    public let root: String
    /// Segments that an entry says were removed.
    public let droppedSegments: UInt64
    /// When everything that was recorded is over, since the header's origin.
    public let length: Nanoseconds
    /// How many sessions there are, and UTC at the begin of the last one, since 1970.
    public var sessionCount: Int { sessions.count }

    let disk: any Disk
    let log: LogReader
    let numbers: StoreNumbers
    let lastChunks: [UInt64: [UInt64?]]
    let sessions: [StoredSession]
    /// Of each session: up to then it is known what was recorded.
    let ends: [Timestamp]
    private let places: [Place]
    /// Of the latest record.
    private let reached: Timestamp
    /// Up to then, since the header's origin, everything that was recorded is in it, of every source that still gives something.
    public let covered: Nanoseconds
    private let survey: StoreSurvey
    private let collector: Collector

    /// Some entries of the log, all of one session.
    struct Place: Sendable {
        /// Of the first of them.
        var position: UInt64
        /// Sessions that were begun before it.
        var begun: Int
        var isStart = false
        /// Of records of its chunks, on the axis of the capture; `distantFuture` and zero: there are none.
        var earliest = Timestamp.distantFuture
        var latest = Timestamp.zero
        /// Of records of all chunks before it.
        var reached = Timestamp.zero
    }

    private static let entriesOfPlace: UInt64 = 64

    /// Reads the whole log once, for as long as the medium takes.
    ///
    /// - Throws: it is no store, or its log does not follow from itself.
    public convenience init(_ path: String) throws(TapError) { try self.init(SystemDisk(path), path) }

    convenience init(_ disk: any Disk, _ path: String) throws(TapError) {
        var collector = Collector()
        let (log, survey): (LogReader, StoreSurvey)
        do throws(StoreProblem) {
            log = try StoreProblem.log { () throws(LogProblem) in try LogReader(on: disk) }
            survey = try StoreSurvey(disk) { collector.take($1, at: $0) }
        } catch { throw error.error(in: path, writing: false) }
        self.init(disk, path, log, survey, collector)
    }

    private init(
        _ disk: any Disk, _ path: String, _ log: LogReader, _ survey: StoreSurvey, _ collector: Collector
    ) {
        (self.disk, self.path, self.log) = (disk, path, log)
        (self.survey, self.collector) = (survey, collector)
        header = survey.header(path)
        origin = survey.origin
        provenance = collector.provenance
        entries = survey.size
        root = survey.root.hex
        droppedSegments = collector.dropped
        numbers = survey.numbers
        lastChunks = survey.lastChunks
        let placed = collector.placed(survey.numbers, header.origin)
        (sessions, ends, places, reached) = (placed.sessions, placed.ends, placed.places, placed.reached)
        length = max(.zero, (ends.max() ?? .zero) - header.origin)
        covered = max(.zero, placed.covered - header.origin)
    }

    /// The store as it is now: reads what was entered since. Blocks as long as the medium does.
    ///
    /// - Returns: nil: nothing was.
    /// - Throws: another log is there, or what follows does not follow from it.
    public func grown() throws(TapError) -> StoreIndex? {
        var (survey, collector) = (survey, collector)
        let log: LogReader
        do throws(StoreProblem) {
            log = try StoreProblem.log { () throws(LogProblem) in try LogReader(on: disk) }
            try survey.advance(disk) { collector.take($1, at: $0) }
        } catch { throw error.error(in: path, writing: false) }
        return survey.size == entries ? nil : StoreIndex(disk, path, log, survey, collector)
    }

    /// When a session began, since the header's origin; nil: there is none of that number, or what it records is not known yet.
    ///
    /// - Parameter session: its number in the log.
    public func begin(of session: UInt64) -> Nanoseconds? {
        guard numbers.origins[session] != nil else { return nil }
        return sessions.first { $0.number == session }.map { $0.begin - header.origin }
    }

    /// Whether lines, devices and tags have the same numbers in both.
    public func isNumbered(as other: StoreIndex) -> Bool {
        header.lines == other.header.lines && header.devices == other.header.devices
            && header.tags == other.header.tags
    }

    /// Reads what an earlier index of the same store does not have, in order of time.
    public func reader(behind earlier: StoreIndex) -> StoreReader {
        StoreReader(
            self, StoreWindow(header, from: Nanoseconds(.min / 4), to: nil, names: []),
            from: Place(position: earlier.entries, begun: earlier.sessions.count), to: entries,
            latest: earlier.reached)
    }

    /// Reads records of a span in order of time; some before and after it may be among them.
    ///
    /// - Parameters:
    ///   - from: since the header's origin.
    ///   - to: likewise.
    public func reader(from: Nanoseconds, to: Nanoseconds) -> StoreReader {
        let window = StoreWindow(header, from: from, to: to, names: [])
        let (first, last) = (header.origin + from, header.origin + to)
        // One before it, so that what comes from several sources is in step by then.
        let begin = max(0, (places.firstIndex { $0.latest >= first } ?? places.count) - 1)
        var end = (places.lastIndex { $0.earliest <= last } ?? -1) + 1
        while end < places.count, places[end].latest == .zero, !places[end].isStart { end += 1 }
        // The begin of a session says when the one before it was over.
        let stop = end < places.count ? places[end].position + (places[end].isStart ? 1 : 0) : entries
        guard begin < places.count else {
            return StoreReader(
                self, window, from: Place(position: entries, begun: sessions.count), to: entries, latest: header.origin)
        }
        return StoreReader(
            self, window, from: places[begin], to: max(stop, places[begin].position), latest: places[begin].reached)
    }

    /// Reads all records, in order of time.
    public func reader() -> StoreReader {
        StoreReader(
            self, StoreWindow(header, from: Nanoseconds(.min / 4), to: nil, names: []),
            from: Place(position: 0, begun: 0), to: entries, latest: header.origin)
    }

    private struct Collector {
        private struct Session {
            var start: StartEntry
            /// By source, of its own clock; zero: there is none.
            var latest: [Timestamp]
            var known: [Timestamp]
        }

        private static let patience = StoreOptions().quietSpan * 3

        private(set) var provenance = ""
        private(set) var dropped: UInt64 = 0
        private var sessions: [Session] = []
        /// Their times are of the monotonic clock of their session.
        private var places: [Place] = []

        mutating func take(_ entry: LogEntry, at index: UInt64) {
            if case .start(let start) = entry {
                places.append(Place(position: index, begun: sessions.count, isStart: true))
                let none = start.sources.map { _ in Timestamp.zero }
                sessions.append(Session(start: start, latest: none, known: none))
                return
            }
            if places.last.map({ index - $0.position >= StoreIndex.entriesOfPlace }) ?? true {
                places.append(Place(position: index, begun: sessions.count))
            }
            switch entry {
            case .initial(let entry): provenance = printable(entry.provenance)
            case .drop(let entry): dropped &+= entry.last >= entry.first ? entry.last - entry.first &+ 1 : 0
            case .chunk(let chunk): take(chunk)
            default: break
            }
        }

        private mutating func take(_ chunk: ChunkEntry) {
            let source = Int(chunk.source)
            guard let session = sessions.last, chunk.session == session.start.session, source < session.latest.count
            else { return }
            let place = sessions.count - 1
            sessions[place].known[source] = max(session.known[source], chunk.to)
            guard let earliest = chunk.earliestRecord, let latest = chunk.latestRecord else { return }
            sessions[place].latest[source] = max(session.latest[source], latest)
            let offset = session.start.sources[source].offsetToMonotonic
            let last = places.count - 1
            places[last].earliest = min(places[last].earliest, earliest + offset)
            places[last].latest = max(places[last].latest, latest + offset)
        }

        func placed(
            _ numbers: StoreNumbers, _ origin: Timestamp
        ) -> (
            sessions: [StoredSession], ends: [Timestamp], places: [Place], reached: Timestamp, covered: Timestamp
        ) {
            var (made, ends): ([StoredSession], [Timestamp]) = ([], [])
            var (reached, covered) = (origin, origin)
            for session in sessions {
                let stored = StoredSession(
                    session.start, numbers: numbers, after: made.isEmpty ? nil : reached, first: numbers.firstStart)
                var known = Timestamp.zero
                covered = stored.begin
                for (source, latest) in session.latest.enumerated() where latest > .zero {
                    reached = max(reached, stored.time(latest, of: source))
                }
                for (source, to) in session.known.enumerated() where to > .zero {
                    known = max(known, stored.time(to, of: source))
                }
                made.append(stored)
                ends.append(max(reached, known))
                // One that has ended is not waited for: spans without a record are entered each minute.
                let places = session.known.enumerated().map { $1 > .zero ? stored.time($1, of: $0) : stored.begin }
                covered = places.filter { $0 + Collector.patience >= known }.min() ?? stored.begin
            }
            var latest = origin
            var placed = places
            for index in placed.indices {
                placed[index].reached = latest
                // The start of a session is in a place of that session.
                let number = placed[index].begun - (placed[index].isStart ? 0 : 1)
                guard placed[index].latest > .zero, made.indices.contains(number) else { continue }
                let shift = Nanoseconds(made[number].placed)
                placed[index].earliest = placed[index].earliest + shift
                placed[index].latest = placed[index].latest + shift
                latest = max(latest, placed[index].latest)
            }
            return (made, ends, placed, reached, covered)
        }
    }
}
