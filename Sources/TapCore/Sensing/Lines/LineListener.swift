/// Listens to lines through a `LineKernel`: what is done about events, levels, storms and chips that go, for hardware and
/// for a simulated kernel alike.
///
/// The whole of a `TapSource` but its name: a source that listens to lines holds one and forwards to it. Not thread-safe;
/// `start` opens devices and may block for as long as the kernel takes, `step` does not block. After `start` nothing is
/// allocated but where a chip comes back.
public struct LineListener: ~Copyable, Sendable {
    public var info: SourceInfo
    let options: ListeningOptions
    let clock: any TapClock
    /// The clock of the stamps: the same, or the wall clock as it ran at the start if that was asked for.
    private(set) var stampClock: any TapClock
    private let wallClock: (any TapClock)?
    /// nil: stamps are not of the wall clock.
    private var steps: WallClockSteps?
    let kernel: any LineKernel
    var lines: [ListenedLine]
    var chips: [Chip]
    private var isOpen = false
    private var events = [LineEvent](repeating: LineEvent(), count: LineEvent.batch)
    /// How many lines are muted.
    var muted = 0
    private var nextReread = Timestamp.zero
    private var nextSearch = Timestamp.zero
    /// Everything stamped before this had been taken, but for what is under way: where an unnoticed loss may begin.
    var drained = Timestamp.zero

    struct Chip {
        let label: String
        var handle: (any LineChip)?
    }

    /// How often a watermark is published and muted lines are polled.
    private static let tick = Nanoseconds.milliseconds(10)
    /// Events taken from one line before the others have their turn.
    private static let turn = 4 * LineEvent.batch

    /// - Parameters:
    ///   - info: of the source; its lines with the chip's label and offset, `id` consecutive.
    ///   - clock: the gateway's monotonic clock.
    ///   - stampClock: of the stamps, where that never jumps; nil: as `clock`.
    ///   - wallClock: of the stamps if `options.isRealtime`; `info.clock` says how it maps to `clock` at the start. Times
    ///     go on so when it is set (`ClockFixSource` reports that).
    public init(
        _ info: SourceInfo, through kernel: any LineKernel, options: ListeningOptions, clock: any TapClock,
        stampClock: (any TapClock)? = nil, wallClock: (any TapClock)? = nil
    ) {
        self.info = info
        self.options = options
        self.clock = clock
        self.stampClock = stampClock ?? clock
        self.wallClock = wallClock
        self.kernel = kernel
        var labels: [String] = []
        for line in info.lines where !labels.contains(line.chip) { labels.append(line.chip) }
        chips = labels.map { Chip(label: $0, handle: nil) }
        lines = info.lines.map { line in
            ListenedLine(
                info: line, chip: labels.firstIndex(of: line.chip) ?? 0,
                audit: LineAudit(line.id, edges: line.options.edges, isNumbered: kernel.isNumbered, start: .zero),
                nextMute: options.muteFor)
        }
    }

    /// See `TapSource.start`.
    public mutating func start(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        if let wallClock {
            stampClock = ShiftedClock(base: clock, ahead: .zero - info.clock.offsetToMonotonic)
            steps = WallClockSteps(wallClock, steady: stampClock, uncertainty: info.clock.uncertainty ?? .zero)
        }
        do throws(TapError) { try open(into: &writer) } catch {
            close()
            throw error
        }
        info.lines = lines.map(\.info)
        drained = stampClock.now()
        nextReread = now + options.rereadEvery
        return wake(now)
    }

    private mutating func open(into writer: inout RecordWriter) throws(TapError) {
        try kernel.open()
        isOpen = true
        let from = stampClock.now()
        for index in chips.indices { chips[index].handle = try openChip(chips[index].label) }
        // What cannot be shown to be what it should is called what it is.
        info.provenance = chips.compactMap { $0.handle?.provenance }.first { $0 != .hardware } ?? .hardware
        for index in lines.indices {
            lines[index].audit = LineAudit(
                lines[index].info.id, edges: lines[index].info.options.edges, isNumbered: kernel.isNumbered,
                start: from)
            lines[index].rereads = RereadTally(since: from)
            try request(index)
            readLevel(index, .first, into: &writer)
        }
    }

    /// See `TapSource.step`.
    public mutating func step(at now: Timestamp, into writer: inout RecordWriter) -> Wake {
        guard isOpen else { return .ended }
        let covered = stampClock.now()
        steps?.look()
        if drain(into: &writer) {
            drained = covered
            steps?.drained(upTo: covered)
            keepHouse(now, covered, into: &writer)
        } else {
            writer.settle(at: covered)
        }
        return wake(clock.now())
    }

    /// See `TapSource.stop`.
    public mutating func stop(at now: Timestamp, into writer: inout RecordWriter) {
        // What is queued now was there before the stop; a storm must not keep the source from ending.
        for _ in 0..<4 + lines.count / kernel.mostReady { if drain(into: &writer) { break } }
        for index in lines.indices {
            if let mute = lines[index].mute { writeMute(index, mute, until: stampClock.now(), into: &writer) }
            endMute(index)
            lines[index].rereads.write(at: stampClock.now(), into: &writer)
        }
        writer.publish()
        close()
    }

    private mutating func close() {
        for index in lines.indices { lines[index].request = nil }
        kernel.close()
        isOpen = false
        for index in chips.indices { chips[index].handle = nil }
    }

    private func wake(_ now: Timestamp) -> Wake { isOpen ? kernel.wake(tick: now + LineListener.tick) : .ended }

    // MARK: Events

    /// Takes what is queued.
    ///
    /// - Returns: false if there is more.
    private mutating func drain(into writer: inout RecordWriter) -> Bool {
        guard isOpen else { return true }
        let count = kernel.poll()
        var isAll = count < kernel.mostReady
        for position in 0..<count {
            let ready = kernel.ready(position)
            var isGone = ready.isGone
            if ready.hasEvents {
                do throws(LineGone) { isAll = try drain(line: ready.token, into: &writer) && isAll } catch {
                    isGone = true
                }
            }
            if isGone { chipGone(lines[ready.token].chip, into: &writer) }
        }
        writer.publish()
        return isAll
    }

    /// - Returns: false if the line has more than its turn.
    private mutating func drain(line index: Int, into writer: inout RecordWriter) throws(LineGone) -> Bool {
        guard let request = lines[index].request else { return true }
        var taken = 0
        while taken < LineListener.turn {
            let count = try LineListener.read(request, into: &events)
            guard count > 0 else { return true }
            bringBack(index, count)
            let arrived = stampClock.now()
            feed(index, count, arrived, into: &writer)
            taken += count
            if isStorm(index, from: events[0].time, to: events[count - 1].time, count) { mute(index, into: &writer) }
            if count < LineEvent.batch { return true }
        }
        return false
    }

    /// Takes steps of the wall clock out of the events just read.
    private mutating func bringBack(_ index: Int, _ count: Int) {
        guard steps != nil else { return }
        steps?.look()
        guard let steps, !steps.isUntouched else { return }
        steps.bringBack(&events, first: count, after: lines[index].audit.lastTime, drained: drained)
    }

    /// By itself, so that the loan of `events` ends before anything else is touched.
    private static func read(_ request: any RequestedLine, into events: inout [LineEvent]) throws(LineGone) -> Int {
        var span = events.mutableSpan
        return try request.read(into: &span)
    }

    private mutating func feed(_ index: Int, _ count: Int, _ arrived: Timestamp, into writer: inout RecordWriter) {
        // A second reference, gone before the next read: a loan of the property would be one of all of `self`.
        let events = events
        lines[index].audit.take(events.span.extracting(first: count), arrived: arrived, into: &writer)
    }

    private mutating func isStorm(_ index: Int, from first: Timestamp, to last: Timestamp, _ count: Int) -> Bool {
        guard lines[index].mute == nil, let limit_hz = options.stormLimit_hz else { return false }
        return lines[index].isStorm(above: limit_hz, count, from: first, to: last)
    }

    // MARK: What is done each tick

    private mutating func keepHouse(_ now: Timestamp, _ covered: Timestamp, into writer: inout RecordWriter) {
        if muted > 0 { for index in lines.indices { pollMuted(index, now, into: &writer) } }
        if now >= nextReread { rereadLevels(now, into: &writer) }
        if now >= nextSearch { searchChips(now, into: &writer) }
        writer.watermark(at: covered)
        writeUnknownLevels(into: &writer)
    }

    /// Of lines whose last edge a full ring may have refused. The audit has seen that edge, so it is not asked.
    private mutating func writeUnknownLevels(into writer: inout RecordWriter) {
        guard writer.hasUnknownLevels else { return }
        for index in lines.indices where writer.takeUnknownLevel(of: lines[index].info.id) {
            guard let read = bracketedLevel(index) else { continue }
            writer.level(
                Level(
                    line: lines[index].info.id, isHigh: read.isHigh,
                    reason: lines[index].mute == nil ? .resumed : .muted, notBefore: read.from, notAfter: read.to))
        }
    }

    private mutating func searchChips(_ now: Timestamp, into writer: inout RecordWriter) {
        nextSearch = now + .seconds(1)
        for index in chips.indices where chips[index].handle == nil { chipBack(index, into: &writer) }
    }

    private mutating func rereadLevels(_ now: Timestamp, into writer: inout RecordWriter) {
        var isDoubtful = false
        for index in lines.indices {
            if lines[index].mute == nil { isDoubtful = reread(index, into: &writer) || isDoubtful }
            let written = stampClock.now()
            if lines[index].rereads.isDue(at: written) { lines[index].rereads.write(at: written, into: &writer) }
        }
        nextReread = now + (isDoubtful ? min(options.rereadEvery, .milliseconds(60)) : options.rereadEvery)
    }

    /// - Returns: whether it does not agree but an event may still be under way.
    private mutating func reread(_ index: Int, into writer: inout RecordWriter) -> Bool {
        guard let read = bracketedLevel(index) else { return false }
        let comparison = lines[index].audit.reread(
            read.isHigh, notBefore: read.from, notAfter: read.to, into: &writer)
        if comparison == .agrees {
            lines[index].rereads.add(lines[index].info.id, isHigh: read.isHigh, from: read.from, to: read.to)
        } else {
            // What agreed ends before what does not.
            lines[index].rereads.write(at: stampClock.now(), into: &writer)
        }
        return comparison == .doubtful
    }

    /// nil: the line is not requested, or the kernel answers with an error, which is counted.
    mutating func bracketedLevel(_ index: Int) -> (isHigh: Bool, from: Timestamp, to: Timestamp)? {
        guard let request = lines[index].request else { return nil }
        let from = stampClock.now()
        do throws(LineGone) {
            let isHigh = try request.level()
            return (isHigh, from, stampClock.now())
        } catch {
            lines[index].rereads.add(lines[index].info.id, isHigh: nil, from: from, to: stampClock.now())
            return nil
        }
    }

    mutating func readLevel(_ index: Int, _ reason: Level.Reason, into writer: inout RecordWriter) {
        guard let read = bracketedLevel(index) else { return }
        lines[index].audit.settle(read.isHigh, reason, notBefore: read.from, notAfter: read.to, into: &writer)
    }
}
