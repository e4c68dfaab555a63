import Crypto
import TapCore

/// Writes a store: chunks into segments, entries into the log, checkpoints, epochs, retention.
///
/// One thread at a time; calls block as long as the medium does. After an error a segment is given up and the chunks go
/// into a new one.
final class StoreWriter {
    let options: StoreOptions
    let disk: any Disk
    /// Kept as long as this is.
    var lock: StoreLock?
    private let clock: StoreClock
    private let log: StoreLog
    private let session: UInt64
    private let parts: [SegmentParts]
    private let logTimeOffsets: [Nanoseconds]
    private var segments: [SegmentWriter?]
    private var nextSegment: UInt64
    private var watermarks: [UInt64]
    private var hasStopped = false
    /// Of those that a checkpoint says are dropped, which may still be there.
    private var dropped: [UInt64] = []
    private var reserve: StoreReserve

    init(
        _ opened: OpenedStore, header: SessionHeader, on machine: StoreMachine, clock: StoreClock,
        options: StoreOptions
    ) throws(StoreProblem) {
        (disk, self.clock, self.options) = (opened.disk, clock, options)
        log = StoreLog(opened, clock: clock)
        reserve = StoreReserve(options.reserve, on: opened.disk)
        let now = clock.read()
        session = (opened.state.start?.session ?? 0) &+ 1
        nextSegment = opened.state.nextSegment
        let offset = header.fix.map { Nanoseconds(Int64(bitPattern: $0.utcNanoseconds &- $0.monotonic.nanoseconds)) }
        let message = SessionMessage(session: session, header: header, logTimeOffset: offset ?? .zero)
        let bytes = message.encoded()
        let logTime = (header.origin + message.logTimeOffset).nanoseconds
        parts = header.sources.indices.map { SegmentParts(source: UInt32($0), session: bytes, logTime: logTime) }
        logTimeOffsets = header.sources.map { $0.clock.offsetToMonotonic + message.logTimeOffset }
        segments = header.sources.map { _ in nil }
        watermarks = header.sources.map { _ in 0 }
        var entry = StartEntry(session: session, header, on: machine, headerDigest: Array(SHA256.hash(data: bytes)))
        (entry.monotonic, entry.utc_ns) = (now.monotonic, now.utcNanoseconds)
        entry.setLimits(options)
        try entry.checkSize()
        try log.begin()
        StoreSpool.removeUnfinished(on: disk)
        // A pause that was asked for before the session is none of it.
        try log.takeUp()
        try log.append(.start(entry))
        if let before = opened.state.start, let change = entry.changes(since: before) {
            try log.append(.change(change))
        }
        try log.writeCheckpoint()
        dropped = opened.dropped
        try removeDropped()
    }

    // Chunks

    /// Brings chunks onto the medium, with their entries, and takes those out of `drafts` that are in the log.
    ///
    /// - Throws: what is still in `drafts` is not committed. The segments that were written to are given up, and another
    ///   call writes new ones; it also brings the log onto the medium where that has not succeeded.
    func commit(_ drafts: inout [ChunkDraft]) throws(StoreProblem) {
        do throws(StoreProblem) {
            while !drafts.isEmpty { try commitSome(&drafts) }
            // Of an earlier call that failed.
            try log.sync()
        } catch {
            if error.isFull { try retain(free: 0) }
            throw error
        }
        let free = disk.freeBytes() ?? .max
        try retain(free: free)
        if options.isLimited { reserve.keep(free: free) }
    }

    /// Of each source as many as its segment has room for.
    private func commitSome(_ drafts: inout [ChunkDraft]) throws(StoreProblem) {
        let sources = Set(drafts.map { Int($0.entry.source) }).sorted()
        var placed: [Int] = []
        var entries: [LogEntry] = []
        do throws(StoreProblem) {
            for source in sources { try place(&drafts, source, &placed, &entries) }
            try forEachSegment(sources) { (segment: SegmentWriter) throws(DiskError) in try segment.sync() }
            try forEachSegment(sources) { (segment: SegmentWriter) throws(DiskError) in try segment.publish() }
            // Before there are entries: after an error what was written may be lost.
            try forEachSegment(sources) { (segment: SegmentWriter) throws(DiskError) in try segment.sync() }
        } catch {
            for source in sources { try giveUp(source, error) }
            throw error
        }
        for entry in entries {
            try log.append(entry)
            if case .chunk(let chunk) = entry { watermarks[Int(chunk.source)] = chunk.to.nanoseconds }
        }
        for index in placed.sorted().reversed() { drafts.remove(at: index) }
        for source in sources { segments[source]?.commit() }
        try log.sync()
    }

    private func forEachSegment(
        _ sources: [Int], _ body: (SegmentWriter) throws(DiskError) -> Void
    ) throws(StoreProblem) {
        for source in sources {
            guard let segment = segments[source] else { continue }
            try StoreProblem.catching { () throws(DiskError) in try body(segment) }
        }
    }

    /// An error of a segment is final for its file.
    private func giveUp(_ source: Int, _ problem: StoreProblem) throws(StoreProblem) {
        guard let segment = segments[source] else { return }
        segments[source] = nil
        var entry = CutEntry()
        (entry.segment, entry.offset, entry.session) = (segment.number, segment.committed, session)
        (entry.why, entry.isGivenUp) = (problem.what, true)
        try log.append(.cut(entry))
    }

    /// Writes as many chunks of one source as fit into its segment: one at least.
    ///
    /// - Parameters:
    ///   - placed: takes their places in `drafts`; `entries` what the log is to say of them.
    private func place(
        _ drafts: inout [ChunkDraft], _ source: Int, _ placed: inout [Int], _ entries: inout [LogEntry]
    ) throws(StoreProblem) {
        var segment: SegmentWriter?
        for index in drafts.indices where Int(drafts[index].entry.source) == source {
            let bound = StoreWriter.bound(drafts[index])
            if segment == nil {
                if let there = segments[source], !there.hasRoom(for: bound) { try seal(source) }
                segment = segments[source]
                if segment == nil { segment = try newSegment(source, for: drafts[index]) }
            }
            guard let segment, segment.hasRoom(for: bound) else { return }
            let (place, digest) = try StoreProblem.catching { () throws(DiskError) in
                try segment.append(&drafts[index].chunk) { label($0, source, in: segment) }
            }
            var entry = drafts[index].entry
            (entry.segment, entry.offset, entry.length) = (segment.number, place.offset, place.length)
            entry.sha256 = digest
            entries.append(.chunk(entry))
            placed.append(index)
        }
    }

    /// What a chunk takes in a file at most.
    private static func bound(_ draft: ChunkDraft) -> Int { draft.byteCount + 64 * draft.chunk.messages.count + 1_024 }

    private func label(_ message: SpanMessage, _ source: Int, in segment: SegmentWriter) -> ChunkBytes.Label {
        let channel = parts[source].channel(message.kind)
        return ChunkBytes.Label(
            channel: channel, sequence: segment.nextSequence(channel),
            logTime: (message.firstTime + logTimeOffsets[source]).nanoseconds)
    }

    private func newSegment(_ source: Int, for draft: ChunkDraft) throws(StoreProblem) -> SegmentWriter {
        let least = UInt64(StoreWriter.bound(draft) + (1 << 16)) + parts[source].overhead
        let number = nextSegment
        let segment: SegmentWriter
        do throws(DiskError) {
            segment = try SegmentWriter(
                number, of: parts[source], size: max(options.segmentSize(sources: parts.count), least),
                on: disk)
        } catch {
            // The number is still free, so that the next try or the next start removes what this cannot.
            try? disk.remove(SegmentWriter.path(number))
            throw StoreProblem(error)
        }
        segments[source] = segment
        nextSegment += 1
        var entry = SegmentEntry()
        (entry.number, entry.session, entry.source) = (number, session, UInt32(source))
        (entry.length, entry.sha256, entry.size) = (segment.head.length, segment.head.digest, segment.size)
        try log.append(.segment(entry))
        return segment
    }

    private func seal(_ source: Int) throws(StoreProblem) {
        guard let segment = segments[source] else { return }
        let sealed: (offset: UInt64, length: UInt64, digest: [UInt8])
        // What it holds is on the medium; after an error its end may not be.
        do throws(DiskError) { sealed = try segment.seal() } catch { return try giveUp(source, StoreProblem(error)) }
        segments[source] = nil
        try log.append(.seal(SealEntry(segment: segment.number, sealed)))
    }

    /// What is due: requests of other commands, another epoch, a checkpoint.
    func tick() throws(StoreProblem) { try log.tick(options) }

    /// An operator had recording paused.
    var isPaused: Bool { log.state.pause != nil }

    /// The first error since something last came onto the medium.
    private var outage: OutageEntry?

    /// Commits, and does what is due. How long the medium took nothing is entered once it does again.
    func work(_ drafts: inout [ChunkDraft]) throws(StoreProblem) {
        do throws(StoreProblem) {
            try commit(&drafts)
            try tick()
        } catch {
            if outage == nil {
                let now = clock.read()
                outage = OutageEntry(
                    session: session, why: error.what, isFull: error.isFull, from: now.monotonic,
                    utcFrom: now.utcNanoseconds)
            }
            throw error
        }
        guard var outage else { return }
        let now = clock.read()
        (outage.to, outage.utcTo) = (now.monotonic, now.utcNanoseconds)
        try log.append(.outage(outage))
        self.outage = nil
    }

    // Retention

    /// Removes what is more than is to be kept; entries and a checkpoint are on the medium first.
    ///
    /// - Parameter free: bytes on the medium.
    private func retain(free: UInt64) throws(StoreProblem) {
        guard options.isLimited else { return }
        // Where an earlier call failed those go first that it chose.
        if dropped.isEmpty { try chooseDropped(free: free) }
        guard !dropped.isEmpty else { return }
        if free == 0 { reserve.giveBack() }
        try log.writeCheckpoint()
        try removeDropped()
    }

    private func chooseDropped(free: UInt64) throws(StoreProblem) {
        let open = Set(segments.compactMap { $0?.number })
        var free = free
        while let (segment, why) = log.state.holdings.next(options, keeping: open, isShort: free < options.keepFree) {
            var entry = DropEntry()
            (entry.first, entry.last, entry.bytes) = (segment.number, segment.number, segment.size)
            (entry.why, entry.utc_ns) = (why, clock.read().utcNanoseconds)
            try log.append(.drop(entry))
            dropped.append(segment.number)
            free = free.addingReportingOverflow(segment.size).overflow ? .max : free + segment.size
        }
    }

    private func removeDropped() throws(StoreProblem) {
        guard !dropped.isEmpty else { return }
        try StoreProblem.catching { () throws(DiskError) in
            for number in dropped { try disk.removeIfThere(SegmentWriter.path(number)) }
            try disk.syncDirectory(StoreLayout.segments)
        }
        dropped = []
    }

    /// Ends the session in order. After an error another call goes on with it.
    func stop(why: String) throws(StoreProblem) {
        for source in segments.indices { try seal(source) }
        if !hasStopped {
            let now = clock.read()
            var entry = StopEntry()
            (entry.session, entry.why) = (session, why)
            (entry.monotonic, entry.utc_ns, entry.lastWatermarks) = (now.monotonic, now.utcNanoseconds, watermarks)
            entry.writtenBytes = log.writtenBytes
            try log.append(.stop(entry))
            hasStopped = true
        }
        try log.writeCheckpoint()
        log.removeUnfinished()
    }
}
