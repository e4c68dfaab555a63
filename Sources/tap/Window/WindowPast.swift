import Synchronization
import TapCore
import TapFormats
import TapServe
import TapView

/// What the window of a recorder serves with the record before its memory: what the recorder remembers finely enough is its
/// answer; other spans come from the store as far as that covers them, and from the recorder behind. Where they meet nothing is
/// counted twice: buckets of the memory begin there, and the record is cut there.
final class WindowPast: Sendable {
    /// What the recorder answers.
    private let own: WindowContent
    private let follower: RecordFollower
    private let thread = WindowThread()
    /// The recorder said last that it writes another store than the site file names.
    private let isOther = Mutex(false)

    init(_ own: WindowContent, _ follower: RecordFollower) {
        self.own = own
        self.follower = follower
    }

    /// Blocks until nothing is read any more.
    func stop() { thread.stop() }

    /// For a `WindowServer`.
    var content: WindowContent {
        WindowContent(
            state: { [self] in
                own.state().map { state in
                    var state = state
                    state.text = completed(state.text)
                    return state
                }
            }, changes: own.changes, statements: own.statements,
            ask: { [self] question, counts, reply in
                own.answer(question, counts) { [self] answer in
                    guard var answer, answer.status == 200 else { return reply(answer) }
                    switch question.path {
                    case "/api/state":
                        answer.text = completed(answer.text)
                        reply(answer)
                    case "/api/timeline":
                        // What comes now may wait for a medium.
                        thread.run { [self, answer] in complete(answer, question, reply) }
                    default: reply(answer)
                    }
                }
            })
    }

    // State

    /// A state with a member that says what there is of the record.
    private func completed(_ text: String) -> String {
        guard let end = text.lastIndex(of: "}") else { return text }
        return text[..<end] + ",\"past\":" + past(WindowPast.recording(text)) + text[end...]
    }

    private func past(_ recording: (store: String, session: UInt64?)) -> String {
        let found = follower.found
        let offset = found.offset(of: recording.session)
        let progress = found.timeline?.progress
        let isOther = !found.store.isEmpty && recording.store != found.store
        self.isOther.withLock { $0 = isOther }
        var failure = (found.problem ?? progress?.failure).map { "\($0)" }
        if isOther { failure = "the site file names the store \(found.store), and what is shown is not recorded there" }
        let isKnown = offset != nil && !isOther
        return JSON.object([
            ("store", JSON.string(found.store)),
            ("from_ns", isKnown ? JSON.string("\(-(offset ?? 0))") : "null"),
            ("reach_ns", isKnown ? JSON.string("\((progress?.reached ?? 0) - (offset ?? 0))") : "null"),
            ("share", JSON.number(progress?.share ?? 0)), ("evidence", "false"),
            ("failure", failure.map { JSON.string($0) } ?? "null"),
            ("remarks", JSON.array((progress?.remarks ?? []).map { JSON.string($0) })),
        ])
    }

    /// Where to a state says that it is recorded.
    private static func recording(_ text: String) -> (store: String, session: UInt64?) {
        var cursor = JSONCursor()
        let bytes = Array(text.utf8)
        cursor.load(bytes, bytes.indices)
        var (store, session): (String, UInt64?) = ("", nil)
        try? cursor.object { (cursor, name) throws(JSONCursor.Problem) in
            guard cursor.equals(name, "tap") else { return try cursor.skipValue() }
            try cursor.object { (cursor, name) throws(JSONCursor.Problem) in
                guard cursor.equals(name, "recording"), !cursor.null() else { return try cursor.skipValue() }
                try cursor.object { (cursor, name) throws(JSONCursor.Problem) in
                    if cursor.equals(name, "store") {
                        store = try cursor.string()
                    } else if cursor.equals(name, "session") {
                        session = cursor.null() ? nil : UInt64(try cursor.string())
                    } else {
                        try cursor.skipValue()
                    }
                }
            }
        }
        return (store, session)
    }

    // Timeline, on the thread

    /// What is asked, and what came of it so far.
    private struct Asked {
        /// As the memory has it alone.
        var memory: TimelineText
        var timeline: RecordTimeline
        /// From the session's times to the record's.
        var offset: Int64
        /// Up to then the record has everything, in the session's time.
        var reach: Int64
        /// Of a bucket.
        var wanted: Int64
        var places: [Int?]

        var from: Int64 { memory.from }
        var to: Int64 { memory.to }
    }

    private func complete(_ answer: WindowAnswer, _ question: WindowQuestion, _ reply: @escaping WindowContent.Reply) {
        let found = follower.found
        guard !isOther.withLock({ $0 }), let memory = TimelineText(answer.text), !memory.lanes.isEmpty,
            let timeline = found.timeline,
            let offset = found.offset(of: memory.session)
        else { return reply(answer) }
        let count = question.query["width"] == nil ? Int64(question.query["buckets"] ?? "") ?? 600 : 0
        let width = Int64(question.query["width"] ?? "") ?? 0
        let asked = Asked(
            memory: memory, timeline: timeline, offset: offset, reach: timeline.progress.reached - offset,
            wanted: max(1, count > 0 ? (memory.to - memory.from) / count : width),
            places: memory.lanes.map { WindowPast.place($0, timeline) })
        guard asked.reach > asked.from, !WindowPast.isFine(asked) else { return reply(answer) }
        if asked.to <= asked.reach { return reply(joined(asked, nil, at: asked.to)) }
        join(asked, WindowPast.width(asked), answer, reply)
    }

    /// What the record has under that name, if it means the same.
    private static func place(_ lane: TimelineText.Lane, _ timeline: RecordTimeline) -> Int? {
        timeline.layout.lane(named: lane.name).flatMap { place in
            let own = timeline.layout.lanes[place]
            return own.kind.rawValue == lane.kind && own.unit == lane.unit && own.words == lane.words ? place : nil
        }
    }

    /// The memory has all of it, as finely as it was asked for.
    private static func isFine(_ asked: Asked) -> Bool {
        asked.from >= asked.memory.memoryFrom
            && asked.memory.lanes.allSatisfy { lane in
                let isExact = lane.changes != nil && lane.kind != "count"
                return isExact || lane.widest <= 2 * asked.wanted
            }
    }

    /// Of buckets behind the record: the widest of the memory that is not wider than what was asked for, if so many can be had.
    private static func width(_ asked: Asked) -> Int64 {
        let most = Int64(max(1, TimelineLimit.buckets / asked.memory.lanes.count))
        let widths = WindowMemory.widths
        let fine = widths.last { $0 <= asked.wanted } ?? widths[0]
        return widths.first { $0 >= fine && (asked.to - asked.reach) / $0 + 2 <= most } ?? widths[widths.count - 1]
    }

    /// Asks the recorder for what is behind the record, with buckets of that width, or wider ones where it has none.
    private func join(
        _ asked: Asked, _ width: Int64, _ answer: WindowAnswer, _ reply: @escaping WindowContent.Reply
    ) {
        let seam = WindowPast.floor(asked.reach, width)
        // While the store is summed up for the first time the memory has the newest more finely.
        let isCoarse = width > 4 * max(asked.wanted, WindowMemory.widths[0])
        guard seam > asked.from, !(isCoarse && asked.from >= asked.memory.memoryFrom) else { return reply(answer) }
        let names = asked.memory.lanes.map { WindowPast.encoded($0.name) }.joined(separator: ",")
        own.ask("/api/timeline?from=\(seam)&to=\(asked.to)&width=\(width)&lanes=\(names)") { [self] tail in
            guard let tail, tail.status == 200, let rest = TimelineText(tail.text),
                rest.session == asked.memory.session,
                rest.lanes.map(\.name) == asked.memory.lanes.map(\.name)
            else { return reply(tail) }
            thread.run { [self] in
                if rest.lanes.contains(where: { $0.first.map { $0 < seam } ?? false }),
                    let wider = WindowMemory.widths.first(where: { $0 > width })
                {
                    join(asked, wider, answer, reply)
                } else {
                    reply(joined(asked, rest, at: seam))
                }
            }
        }
    }

    /// The record up to `seam`, and the memory from there on.
    private func joined(_ asked: Asked, _ rest: TimelineText?, at seam: Int64) -> WindowAnswer {
        var made = asked.memory
        let places = asked.places.compactMap { $0 }
        let count = max(1, Int(clamping: (seam - asked.from) / asked.wanted))
        var spans: [Int: WindowMemory.Span] = [:]
        do throws(TapError) {
            let read = try TimelineLimit.spans(
                asked.timeline, places, from: asked.from + asked.offset, to: seam + asked.offset, count: count,
                isCut: rest != nil)
            for (place, span) in zip(places, read) { spans[place] = span }
        } catch { return .refusal(500, "\(error)") }
        for number in made.lanes.indices {
            let span = asked.places[number].flatMap { spans[$0] }
            let buckets = span?.buckets ?? [Bucket(at: asked.from + asked.offset, until: seam + asked.offset)]
            made.lanes[number].before = WindowJSON.number(span?.before)
            made.lanes[number].buckets = buckets.map { WindowJSON.bucket($0.moved(-asked.offset)) }
            var changes = span?.changes?.map { WindowJSON.change($0.time - asked.offset, $0.value) }
            if let rest {
                if asked.memory.memoryFrom > seam {
                    made.lanes[number].buckets.append(
                        WindowJSON.bucket(Bucket(at: seam, until: min(asked.to, asked.memory.memoryFrom))))
                }
                made.lanes[number].buckets += rest.lanes[number].buckets
                changes = changes.flatMap { changes in rest.lanes[number].changes.map { changes + $0 } }
            }
            made.lanes[number].changes = changes
        }
        return WindowAnswer(text: made.text)
    }

    private static func floor(_ time: Int64, _ step: Int64) -> Int64 {
        let rest = time % step
        return time - (rest < 0 ? rest + step : rest)
    }

    private static func encoded(_ name: String) -> String {
        name.utf8.map { byte in
            let isPlain =
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || ".-_".utf8.contains(byte)
            let digits = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (digits.utf8.count < 2 ? "0" : "") + digits
        }.joined()
    }
}

extension Bucket {
    fileprivate func moved(_ by: Int64) -> Bucket {
        var bucket = self
        (bucket.at, bucket.until) = (at + by, until + by)
        return bucket
    }
}
