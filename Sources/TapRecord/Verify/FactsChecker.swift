import TapCore

/// Compares entries of chunks with the records of their chunks, session by session.
struct FactsChecker {
    private var session: UInt64 = 0
    private var sinks: [FactsSink] = []
    /// By source, where its last span ended.
    private var ends: [UInt64?] = []

    /// A session begins.
    mutating func begin(_ entry: StartEntry) {
        session = entry.session
        sinks = entry.sources.enumerated().map { FactsSink($0, $1) }
        ends = entry.sources.map { _ in nil }
    }

    /// - Parameter bytes: of the chunk, as they were written; nil: they are not there.
    /// - Returns: what the entry says otherwise than the records give; nil: nothing.
    mutating func check(_ entry: ChunkEntry, _ bytes: [UInt8]?) throws(StoreProblem) -> String? {
        guard entry.session == session else {
            return "it is of session \(entry.session), and session \(session) had begun"
        }
        let source = Int(entry.source)
        guard sinks.indices.contains(source) else { return "its source is none of the session's" }
        if let end = ends[source], end != entry.from.nanoseconds { sinks[source].span.forgetLevels() }
        ends[source] = entry.to.nanoseconds
        guard let bytes else {
            sinks[source].span.skip(entry)
            return nil
        }
        sinks[source].span.begin(at: entry.from)
        let unknown = sinks[source].span.unknownDistances
        do throws(StoreProblem) { try StoredChunk.decode(entry, bytes, into: &sinks[source]) } catch {
            sinks[source].span.skip(entry)
            throw error
        }
        let given = sinks[source].span.finish(session: entry.session).entry
        if sinks[source].hasStrangers {
            sinks[source].hasStrangers = false
            return "it has records of what its source has not"
        }
        return FactsChecker.difference(entry, given, unknown)
    }

    private static func difference(_ said: ChunkEntry, _ given: ChunkEntry, _ unknown: [Bool]) -> String? {
        func differs<Value: Equatable>(_ name: String, _ path: KeyPath<ChunkEntry, Value>) -> String? {
            said[keyPath: path] == given[keyPath: path]
                ? nil : "\(name): the entry says \(said[keyPath: path]), the records give \(given[keyPath: path])"
        }
        if let found = differs("edges", \.edges) ?? differs("scans", \.scans) ?? differs("events", \.events) {
            return found
        }
        guard said.earliestRecord == given.earliestRecord, said.latestRecord == given.latestRecord else {
            return "the times of its first and last record are not those of its records"
        }
        guard said.earliestGap == given.earliestGap, said.notesLost == given.notesLost else {
            return "its losses are not those of its records"
        }
        guard said.clockFixes == given.clockFixes else { return "its clock fixes are not those of its records" }
        guard said.devices == given.devices else { return "what it says of ADCs is not what its records give" }
        guard said.tags == given.tags else { return "what it says of tags is not what its records give" }
        guard said.lines.count == given.lines.count else { return "it does not have all lines of its source" }
        for (index, (var facts, line)) in zip(said.lines, given.lines).enumerated() {
            if unknown[index] { facts.longestDistance = line.longestDistance }
            if facts != line { return "what it says of line \(line.line) is not what its records give" }
        }
        return nil
    }
}
