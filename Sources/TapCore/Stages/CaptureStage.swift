/// A capture stage of any source: what wiring and a summary need of it.
public protocol Capturing: Stage {
    /// Complete once it is open.
    var info: SourceInfo { get }
    /// See `CaptureStage.makeInput`.
    func makeInput() -> MergeInput
    /// See `CaptureStage.open`.
    func open(at now: Timestamp) throws(TapError)
    /// What went into the ring, and how late: to be read once the stage has ended, or from its own thread.
    var edges: UInt64 { get }
    var scans: UInt64 { get }
    var delays: Histogram { get }
    /// When the source ended by itself; nil: it did not.
    var ended: Timestamp? { get }
}

/// Moves one source into its ring.
///
/// A source that fails is closed, its lines and devices are reported as gone, and the failure is kept for the summary;
/// other sources go on.
public final class CaptureStage<Source: TapSource & ~Copyable>: Capturing {
    private var source: Source
    private var writer: RecordWriter
    private var unread: RingConsumer?
    private var isStopRequested = false
    private var isStopped = false
    /// The source's first wish, once it is open.
    private var opened: Wake?
    public private(set) var failure: TapError?
    public private(set) var ended: Timestamp?

    public init(_ source: consuming Source, into writer: consuming RecordWriter) {
        self.source = source
        self.writer = writer
    }

    /// With a ring of its own, to be read through `makeInput`.
    ///
    /// - Parameters:
    ///   - ringCapacity: in cells, a power of two from 256 on.
    ///   - lines: the session's numbers of the source's lines; `devices` likewise.
    ///   - whenFull: `.wait` where the source's time can wait.
    public convenience init(
        _ source: consuming Source, ringCapacity: Int, lines: Range<UInt16>, devices: Range<UInt16>,
        whenFull: RecordWriter.WhenFull = .refuse
    ) {
        let ring = Ring.make(capacity: ringCapacity)
        self.init(source, into: RecordWriter(ring.producer, lines: lines, devices: devices, whenFull: whenFull))
        unread = .some(ring.consumer)
    }

    /// The reading end, for merge: once, of a stage with a ring of its own and after `open`; otherwise this traps.
    public func makeInput() -> MergeInput { makeInput(of: info) }

    /// The same, for a merge that gets what to expect of the source in another way.
    ///
    /// - Parameter capacity: see `MergeInput`.
    public func makeInput(of info: SourceInfo, capacity: Int = MergeInput.usualCapacity) -> MergeInput {
        guard let ring = unread.take() else { preconditionFailure("the ring of '\(name)' is read already") }
        return MergeInput(ring, of: info, capacity: capacity)
    }

    /// Complete after `start`.
    public var info: SourceInfo { source.info }
    public var name: String { source.info.name }
    public var stopper: Stopper? { source.stopper }
    public var progress: UInt64 { writer.staged }

    public var edges: UInt64 { writer.edges }
    public var scans: UInt64 { writer.scans }
    public var delays: Histogram { writer.delays }

    /// Opens the source and writes its first levels, before any driver is there: so that what cannot be opened is
    /// reported before anything is written, and `info` is complete.
    public func open(at now: Timestamp) throws(TapError) {
        do throws(TapError) { opened = try source.start(at: now, into: &writer) } catch {
            isStopped = true
            throw error
        }
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
        if !isStopped {
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
        let subjects = info.lines.map { Gap.Subject.line($0.id) } + info.devices.map { .device($0.id) }
        for subject in subjects {
            writer.gap(Gap(.sourceGone, subject, .unknown, discovered: now, from: now, to: now))
        }
    }
}
