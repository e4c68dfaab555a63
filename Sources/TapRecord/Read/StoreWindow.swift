import TapCore

/// What is asked of a store: which chunks can hold it is known from their entries.
struct StoreWindow: Sendable {
    /// On the axis of the capture, both within it.
    let first: Timestamp
    private let last: Timestamp
    /// nil: everything.
    private let wanted: Wanted?

    private struct Wanted: Sendable {
        var lines: Set<LineID>
        var devices: Set<DeviceID>
        var tags: Set<TagID>
    }

    /// - Parameters:
    ///   - from: since the header's origin.
    ///   - to: likewise; nil: up to the end.
    ///   - names: of lines, ADCs, channels and tags; empty: everything.
    init(_ header: SessionHeader, from: Nanoseconds, to: Nanoseconds?, names: Set<String>) {
        first = header.origin + from
        last = to.map { header.origin + $0 } ?? .distantFuture
        guard !names.isEmpty else {
            wanted = nil
            return
        }
        wanted = Wanted(
            lines: Set(header.lines.filter { names.contains($0.name) }.map(\.id)),
            devices: Set(
                header.devices.filter { device in
                    names.contains { $0 == device.name || $0.hasPrefix(device.name + ".") }
                }
                .map(\.id)),
            tags: Set(header.tags.filter { names.contains($0.title) || names.contains($0.name) }.map(\.id)))
    }

    /// All of its records come before.
    func isBefore(_ chunk: ChunkEntry, in session: StoredSession) -> Bool {
        guard let latest = chunk.latestRecord else { return false }
        return session.time(latest, of: Int(chunk.source)) < first
    }

    /// Whether it can hold a record that is asked for.
    func includes(_ chunk: ChunkEntry, in session: StoredSession) -> Bool {
        let source = Int(chunk.source)
        guard let earliest = chunk.earliestRecord, let latest = chunk.latestRecord else { return false }
        guard session.time(earliest, of: source) <= last, session.time(latest, of: source) >= first else {
            return false
        }
        guard let wanted, !session.mayHaveNotes(source), chunk.clockFixes.isEmpty else { return true }
        let numbers = session.numbers[source]
        return chunk.lines.contains { !$0.isEmpty && numbers.line($0.line).map(wanted.lines.contains) == true }
            || chunk.devices.contains { numbers.device($0.device).map(wanted.devices.contains) == true }
            || chunk.tags.contains { numbers.tag($0.tag).map(wanted.tags.contains) == true }
    }
}

extension LineFacts {
    /// There is no record of the line in the chunk.
    fileprivate var isEmpty: Bool { edges == 0 && agreed == 0 && failed == 0 && firstReading == nil && losses == 0 }
}
