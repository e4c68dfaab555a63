public import TapConfig
public import TapCore

/// Takes the records of a session and has the rules of a site decided over them.
///
/// Times are since the session's start, by the gateway's monotonic clock: so verdicts are the same live and in replay. A
/// verdict closes once a record of a later instant has come, of whatever source: the merge gives them on in order. Where
/// time is real, it closes also once every source has been silent for as long as it may be; at the end, up to where sources
/// were heard. Those that wait for what is ahead stay open then.
public struct WatchSink: RecordSink, ~Copyable {
    public let log: FindingLog
    private var table: SignalTable
    /// By index: what makes a source's time one since the start.
    private let lineShifts: [Nanoseconds]
    private let deviceShifts: [Nanoseconds]
    private let tagShifts: [Nanoseconds]
    private let otherShift: Nanoseconds
    private let origin: Timestamp
    /// After it merge waits for no source; nil: it waits for ever.
    private let longestSilence: Nanoseconds?
    private let kept: WatchState
    private let keep: ((WatchState) -> Void)?
    private var keptAt = Timestamp.zero
    /// What people asked for and that is not over, with the time at which it will be.
    private var asked: [(request: WatchRequest, author: String, until: Nanoseconds)] = []
    /// Values that people approved in place of the site file's, by the tag's name.
    private var approved: [String: (request: WatchRequest, author: String, time: Nanoseconds)] = [:]
    private let site: Site
    private var hasNews = false
    /// What was kept and is not of the site any more.
    public private(set) var forgotten: [String] = []
    /// At the session's start; nil: it has no date.
    private let utc: UInt64?
    /// Of the records so far; at the end, of the capture.
    private var last = Timestamp.zero
    private var lateNotes: LateNotes

    /// - Parameters:
    ///   - isLive: time is real, so merge does not wait for a source that is silent for longer than it may be.
    ///   - permits: given before the start, for work that needs one.
    ///   - kept: what a watch before this one knew of counters.
    ///   - keep: takes what is to be remembered, once a minute and at the end; nil: nobody does.
    public init(
        _ header: SessionHeader, _ site: WatchedSite, isLive: Bool, log: FindingLog, permits: [WatchRequest] = [],
        kept: WatchState = WatchState(), keep: ((WatchState) -> Void)? = nil
    ) {
        self.kept = kept
        self.keep = keep
        self.site = site.site
        utc = header.dateUTC_ns
        lateNotes = LateNotes(header)
        self.log = log
        origin = header.origin
        func shift(_ subject: Gap.Subject) -> Nanoseconds {
            header.clock(of: subject).offsetToMonotonic - (header.origin - .zero)
        }
        lineShifts = header.lines.map { shift(.line($0.id)) }
        deviceShifts = header.devices.map { shift(.device($0.id)) }
        tagShifts = header.tags.map { shift(.tag($0.id)) }
        otherShift = shift(.notes)
        longestSilence =
            isLive ? header.sources.map(\.longestWait).max() ?? .zero : nil
        table = SignalTable(
            header, site.site, without: site.leftOut, atoms: site.atoms, kept: kept, clock: site.clock,
            Watch(log.formulas, start: 0, sink: log))
        for permit in permits { table.permit(permit) }
        if var fix = header.fix, let utc = header.startUTC_ns {
            (fix.monotonic, fix.utcNanoseconds) = (.zero, utc)
            table.set(fix)
        }
        log.readings = table.readings
        log.notCaptured = Set(table.unmatched)
        if let utc {
            (asked, forgotten) = WatchSink.restore(kept, at: utc, &table, log)
            let (approved, changed) = WatchSink.approvals(kept, at: utc, self.site, &table, log)
            self.approved = approved
            forgotten += changed
        }
    }

    /// What people asked for goes on for as long as it has left; incidents under their numbers.
    ///
    /// Not a mutating method: Swift 6.2 refuses to call one in the initializer.
    private static func restore(
        _ kept: WatchState, at utc: UInt64, _ table: inout SignalTable, _ log: FindingLog
    ) -> (asked: [(WatchRequest, String, Nanoseconds)], forgotten: [String]) {
        var (asked, forgotten): ([(WatchRequest, String, Nanoseconds)], [String]) = ([], [])
        for old in kept.requests where old.until > utc {
            guard var request = WatchRequest(old.text) else { continue }
            request.time = Nanoseconds(Int64(clamping: old.until - utc))
            if request.verb == .permit { table.permit(request) }
            if log.heard(request, by: old.author, at: .zero) {
                asked.append((request, old.author, request.time))
            } else {
                forgotten.append("\(request.verb.rawValue) \(request.subject)")
            }
        }
        log.restore(kept, utc: utc)
        return (asked, forgotten)
    }

    /// What people approved, as long as the site file says what it said then.
    private static func approvals(
        _ kept: WatchState, at utc: UInt64, _ site: Site, _ table: inout SignalTable, _ log: FindingLog
    ) -> ([String: (request: WatchRequest, author: String, time: Nanoseconds)], changed: [String]) {
        var approved: [String: (request: WatchRequest, author: String, time: Nanoseconds)] = [:]
        var changed: [String] = []
        for old in kept.approvals {
            guard let request = WatchRequest(old.text), request.verb == .approve else { continue }
            let tag = site.approvable(request.subject)
            let value = try? tag?.approval(of: request.value)
            guard value != nil, tag?.approved == old.instead else {
                // What the site file has taken over is no news.
                if value == nil || tag?.approved != value { changed.append("approve \(request.subject)") }
                continue
            }
            let time = Nanoseconds(min(0, Int64(clamping: Int128(old.time) - Int128(utc))))
            table.approve(request, by: old.author, at: time)
            log.heard(request, by: old.author, at: time)
            approved[request.subject] = (request, old.author, time)
        }
        return (approved, changed)
    }

    /// What rules ask for and nothing in the session is.
    public var unmatched: [String] { table.unmatched }
    /// Records that came after their watermark and changed nothing.
    public var late: Int { table.late + table.watch.late }
    /// How often a monitor had no room.
    public var lost: Int { table.watch.lost }
    /// How often the offset of each counter had to be taken anew, where that was so.
    public var renewals: [(tag: TagName, count: Int)] { table.renewals }
    /// Up to when, since the start, it was watched: records came, or the capture ended.
    public var reached: Nanoseconds { last - .zero }

    public mutating func edge(_ edge: Edge) {
        let time = edge.time + lineShifts[Int(edge.line.index)]
        last = max(last, time)
        noteIfLate(.line(edge.line), at: time, edge.flags.contains(.late))
        table.edge(Edge(time: time, line: edge.line, sequence: edge.sequence, flags: edge.flags))
    }

    public mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        var block = block
        block.firstTime = block.firstTime + deviceShifts[Int(block.device.index)]
        let end = block.firstTime + block.period * Int64(max(0, block.count - 1))
        last = max(last, end)
        noteIfLate(.device(block.device), at: end, block.isLate)
        table.scans(block, raw: raw)
    }

    public mutating func event(_ event: Event) {
        let event = shifted(event)
        // A gap may be discovered after the end: up to then nothing was watched.
        if case .gap = event {} else { last = max(last, event.time) }
        noteIfLate(event)
        if case .note(let note) = event, !note.isLate { hear(note) }
        table.event(event)
    }

    private mutating func noteIfLate(_ event: Event) {
        switch event {
        case .level(let level): noteIfLate(.line(level.line), at: level.notAfter, event.isLate)
        case .claim(let claim): noteIfLate(.tag(claim.tag), at: claim.time, event.isLate)
        case .note(let note): noteIfLate(.notes, at: note.time, event.isLate)
        // A loss is known when it is discovered, and a clock fix decides nothing of before.
        case .gap, .reread, .clockFix: break
        }
    }

    @inline(__always)
    private mutating func noteIfLate(_ subject: Gap.Subject, at time: Timestamp, _ isLate: Bool) {
        if let note = lateNotes.take(subject, at: time, isLate: isLate) { log.late(note) }
    }

    private mutating func hear(_ note: Note) {
        let (request, said) = (WatchRequest(note.text.text), IncidentRequest(note.text.text))
        guard request != nil || said != nil else { return }
        if note.time > .zero { close(upTo: note.time + Nanoseconds(-1)) }
        if let request { hear(request, by: note.author.text, at: note.time - .zero) }
        if let said { log.noted(said, by: note.author.text, at: note.time - .zero) }
    }

    private mutating func hear(_ request: WatchRequest, by author: String, at time: Nanoseconds) {
        if request.verb == .approve {
            guard let tag = site.approvable(request.subject), (try? tag.approval(of: request.value)) != nil else {
                return
            }
        }
        guard log.heard(request, by: author, at: time) else { return }
        hasNews = true
        if request.verb == .approve { return approved[request.subject] = (request, author, time) }
        if request.verb == .trust { return }
        asked.removeAll { $0.request.verb == request.verb && $0.request.subject == request.subject }
        if request.time > .zero { asked.append((request, author, time + request.time)) }
    }

    public mutating func batchEnded(at now: Timestamp) throws(TapError) {
        // What came last may have others of its instant behind it; the first instant is that of first levels.
        var whole = reached - Nanoseconds(1)
        if let longestSilence { whole = max(whole, now - origin - longestSilence) }
        if whole >= .zero { close(upTo: .zero + whole) }
        try log.flush()
        if log.takeNews() { hasNews = true }
        if hasNews || last - keptAt >= .seconds(60) { keepState() }
    }

    /// What stays as it was up to then is decided too.
    public mutating func captureEnded(at end: Timestamp) { last = max(last, end + otherShift) }

    public mutating func finish(at now: Timestamp) throws(TapError) {
        close(upTo: last)
        for note in lateNotes.takeRest() { log.late(note) }
        try log.flush()
        keepState()
    }

    /// What a next watch is to know. Without a date no proof has an age, so those of before stay as they are.
    public var state: WatchState {
        var state = kept
        state.counters.merge(table.counters) { $1 }
        state.distrusted = table.distrusted
        for (rule, last) in log.proven {
            guard let utc, let last else { continue }
            state.proven[log.rules[rule].name] = UInt64(clamping: Int128(utc) + Int128(last.count))
        }
        guard let utc else { return state }
        state.requests = asked.filter { .zero + $0.until > last }.map { entry in
            KeptRequest(
                text: entry.request.text, author: entry.author,
                until: UInt64(clamping: Int128(utc) + Int128(entry.until.count)))
        }
        state.approvals = approved.sorted { $0.key < $1.key }.compactMap { tag, entry in
            site.approvable(tag)?.approved.map { instead in
                KeptApproval(
                    text: entry.request.text, author: entry.author,
                    time: UInt64(clamping: Int128(utc) + Int128(entry.time.count)), instead: instead)
            }
        }
        log.remember(in: &state, utc: utc)
        return state
    }

    private mutating func keepState() {
        keptAt = last
        hasNews = false
        keep?(state)
    }

    private mutating func close(upTo time: Timestamp) {
        table.close(upTo: time)
        log.passed(Int64(clamping: time.nanoseconds))
    }

    private func shifted(_ event: Event) -> Event {
        switch event {
        case .level(var level):
            level.notBefore = level.notBefore + lineShifts[Int(level.line.index)]
            level.notAfter = level.notAfter + lineShifts[Int(level.line.index)]
            return .level(level)
        case .gap(var gap):
            let shift =
                switch gap.subject {
                case .line(let line): lineShifts[Int(line.index)]
                case .device(let device): deviceShifts[Int(device.index)]
                case .tag(let tag): tagShifts[Int(tag.index)]
                case .notes: otherShift
                }
            gap.discovered = gap.discovered + shift
            gap.from = gap.from + shift
            gap.to = gap.to + shift
            return .gap(gap)
        case .reread(var reread):
            reread.time = reread.time + lineShifts[Int(reread.line.index)]
            return .reread(reread)
        case .claim(var claim):
            claim.time = claim.time + tagShifts[Int(claim.tag.index)]
            return .claim(claim)
        case .note(var note):
            note.time = note.time + otherShift
            return .note(note)
        case .clockFix(var fix):
            fix.monotonic = fix.monotonic + otherShift
            return .clockFix(fix)
        }
    }
}
