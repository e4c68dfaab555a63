/// Moves one source into its ring, and if it has several consumers, from there into a ring of each.
///
/// A source that fails is closed, its lines, devices and tags are reported as gone, and the failure is kept for the summary;
/// other sources go on.
public final class CaptureStage<Source: TapSource & ~Copyable>: Capturing {
    private var source: Source
    private var writer: RecordWriter
    private var unread: RingConsumer?
    /// Of several consumers.
    private var relay: Relay?
    /// The source's wish, while something waits in its ring for the consumers to make room; nil: nothing does.
    private var held: Wake?
    private var isStopRequested = false
    private var isStopped = false
    /// The source's first wish, once it is open.
    private var opened: Wake?
    /// What to expect of the source where that is not what it says.
    private var expected: SourceInfo?
    public private(set) var failure: TapError?
    public private(set) var ended: Timestamp?

    public init(_ source: consuming Source, into writer: consuming RecordWriter) {
        self.source = source
        self.writer = writer
    }

    /// With a ring of its own, to be read through `makeFeeds`.
    ///
    /// - Parameters:
    ///   - ringCapacity: in cells, a power of two from 256 on.
    ///   - lines: the session's numbers of the source's lines; `devices` and `tags` likewise.
    ///   - whenFull: `.wait` where the source's time can wait.
    public convenience init(
        _ source: consuming Source, ringCapacity: Int, lines: Range<UInt16>, devices: Range<UInt16>,
        tags: Range<UInt16> = 0..<0, whenFull: RecordWriter.WhenFull = .refuse
    ) {
        let ring = Ring.make(capacity: ringCapacity)
        self.init(
            source, into: RecordWriter(ring.producer, lines: lines, devices: devices, tags: tags, whenFull: whenFull))
        unread = .some(ring.consumer)
    }

    /// The reading ends, one for each consumer: once, of a stage with a ring of its own, after `open` and before it is
    /// driven; otherwise this traps.
    ///
    /// One consumer reads the source's own ring. Several have a ring of the same capacity each, into which this stage
    /// moves what the source wrote, right after each of its steps: so a step must not write more than a ring holds.
    public func makeFeeds(_ count: Int) -> [RecordFeed] {
        guard let ring = unread.take() else { preconditionFailure("the ring of '\(name)' is read already") }
        guard count > 1 else { return [RecordFeed(ring, of: info, isPatient: isPatient)] }
        let relay = Relay(ring, writtenBy: writer, of: info, isPatient: isPatient, to: count)
        self.relay = relay
        if !relay.move() { held = opened ?? .room }
        return relay.feeds
    }

    /// The only consumer's input, for a merge that gets what to expect of the source in another way.
    ///
    /// - Parameter capacity: see `MergeInput`.
    public func makeInput(of info: SourceInfo, capacity: Int = MergeInput.usualCapacity) -> MergeInput {
        expected = info
        judgeLateness()
        return MergeInput(makeFeeds(1)[0], of: info, capacity: capacity)
    }

    /// Complete after `start`.
    public var info: SourceInfo { source.info }
    public var name: String { source.info.name }
    public var stopper: Stopper? { source.stopper }
    public var progress: UInt64 { writer.staged &+ (relay?.progress ?? 0) }

    public var edges: UInt64 { writer.edges }
    public var scans: UInt64 { writer.scans }
    public var delays: Histogram { writer.delays }
    public var remarks: [String] { source.remarks }

    /// The source waits for room, so whoever reads it waits for it.
    private var isPatient: Bool { writer.whenFull == .wait && source.info.capabilities.contains(.waitsForRoom) }

    /// Opens the source and writes its first levels, before any driver is there: so that what cannot be opened is
    /// reported before anything is written, and `info` is complete.
    public func open(at now: Timestamp) throws(TapError) {
        writer.isOrdered = source.info.capabilities.contains(.ordered)
        do throws(TapError) { opened = try source.start(at: now, into: &writer) } catch {
            isStopped = true
            throw error
        }
        judgeLateness()
    }

    private func judgeLateness() {
        var info = expected ?? source.info
        info.clock = source.info.clock
        writer.judgeLateness(of: info, isPatient: isPatient)
    }

    public func start(at now: Timestamp) -> Wake {
        if let opened { return opened }
        do throws(TapError) { try open(at: now) } catch {
            failure = error
            return step(at: now)
        }
        return opened ?? .ended
    }

    public func step(at now: Timestamp) -> Wake {
        guard let relay else { return stepSource(at: now) }
        if let wake = held {
            guard relay.move() else { return .room }
            held = nil
            if !mustStep(wake, at: now) { return wake }
        }
        let wake = stepSource(at: now)
        if relay.move() { return wake }
        held = wake
        return .room
    }

    private func mustStep(_ wake: Wake, at now: Timestamp) -> Bool {
        switch wake {
        case .ended: false
        case .room: true
        case .at(let time), .readable(_, let time): time <= now || isStopRequested
        }
    }

    private func stepSource(at now: Timestamp) -> Wake {
        if !isStopped {
            writer.arrived(at: now)
            if isStopRequested {
                isStopped = true
                source.stop(at: now, into: &writer)
            } else {
                do throws(TapError) {
                    let wake = try source.step(at: now, into: &writer)
                    if wake != .ended { return wake }
                    isStopped = true
                    ended = now
                    source.stop(at: now, into: &writer)
                } catch { fail(error, at: now) }
            }
        }
        return writer.end(at: stamp(of: now)) ? .ended : .room
    }

    public func requestStop() { isStopRequested = true }

    /// `now` as the source would have stamped it.
    private func stamp(of now: Timestamp) -> Timestamp { now - source.info.clock.offsetToMonotonic }

    private func fail(_ error: TapError, at now: Timestamp) {
        failure = error
        isStopped = true
        source.stop(at: now, into: &writer)
        let info = source.info
        let now = stamp(of: now)
        let subjects =
            info.lines.map { Gap.Subject.line($0.id) } + info.devices.map { .device($0.id) }
            + info.tags.map { .tag($0.id) }
        for subject in subjects {
            writer.gap(Gap(.sourceGone, subject, .unknown, discovered: now, from: now, to: now))
        }
    }
}
