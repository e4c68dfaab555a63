import Synchronization
public import TapBroker
public import TapCore
import TapFormats
import TapServe

/// Asks a watch what became of incidents, and has it published under `tap/`. It subscribes to nothing, and whatever a broker sends
/// does nothing.
public final class Sender: Sendable {
    public struct Options: Sendable {
        /// The socket of the watch.
        public var socket: String
        public var broker: BrokerOptions
        /// nil: as the watch says.
        public var site: SendTopic.Site?
        public var every: Nanoseconds

        public init(socket: String, broker: BrokerOptions, site: SendTopic.Site?, every: Nanoseconds) {
            (self.socket, self.broker, self.site, self.every) = (socket, broker, site, every)
        }
    }

    /// Between two questions.
    private static let turn = Nanoseconds.seconds(1)
    private let options: Options
    private let clock: any TapClock
    private let date: any TapClock
    private let say: @Sendable (String) -> Void
    private let post = SendPost()
    private let woken = WakePipe()
    private let isEnding = Atomic(false)
    private let inbox = Mutex(Inbox())

    private struct Inbox: Sendable {
        /// When the question was asked that has no answer yet.
        var asked: Timestamp?
        var answer: (asked: Timestamp, answer: WindowAnswer?)?
    }

    /// - Parameters:
    ///   - date: UTC.
    ///   - say: takes a line each time something changes; from any thread.
    public init(_ options: Options, clock: any TapClock, date: any TapClock, say: @escaping @Sendable (String) -> Void)
    {
        (self.options, self.clock, self.date, self.say) = (options, clock, date, say)
    }

    /// - Throws: the library is not there.
    public static func check() throws(TapError) {
        try BrokerClient.checkLibrary()
    }

    /// Ends `run`. Safe in a signal handler.
    public func end() {
        isEnding.store(true, ordering: .relaxed)
        woken.wake()
    }

    /// Blocks until `end` is called, and then at most three seconds.
    public func run() throws(TapError) {
        try Sender.check()
        for pipe in [woken, post.news] { try pipe.check() }
        try ClientListener.check()
        let client = ViewClient(options.socket)
        defer { client.stop() }
        var course = Course(options, start: clock.now(), startedUTC: date.now().nanoseconds)
        var speaker: Speaking?
        while !isEnding.load(ordering: .relaxed) {
            let now = clock.now()
            ask(client, &course, now)
            if let answer = inbox.withLock({ inbox in
                defer { inbox.answer = nil }
                return inbox.answer
            }) {
                take(answer.answer, asked: answer.asked, &course)
            }
            watchOver(&course, now)
            if speaker == nil, let site = course.site { speaker = try speak(of: site) }
            beat(&course, now)
            woken.wait(.milliseconds(250))
        }
        post.change { $0.isEnding = true }
        speaker?.end(after: BrokerSpeaker.parting + .seconds(1), clock)
        let waiting = post.look { $0.outbox.count }
        if waiting > 0 { say("\(waiting) changes of incidents were not sent") }
    }

    /// What is known of the watch, and of what was sent of it.
    private struct Course {
        var site: SendTopic.Site?
        let start: Timestamp
        let startedUTC: UInt64
        var vigil = WatchVigil()
        /// By whom changes are counted, and which is known last; nil: nothing is known yet.
        var known: (run: String, next: UInt64)?
        /// When the next question is due.
        var asks: Timestamp
        /// When the next heartbeat is due.
        var beats: Timestamp
        var sequence: UInt64 = 0
        /// Changes that the watch did not remember any more.
        var missed: UInt64 = 0
        /// Of those that had no room, how many were said.
        var dropped: UInt64 = 0
        /// nil: nothing was said of it.
        var isSilent: Bool?
        var refusedName: String?

        init(_ options: Options, start: Timestamp, startedUTC: UInt64) {
            site = options.site
            (self.start, self.startedUTC, asks, beats) = (start, startedUTC, start, start)
        }
    }

    /// One question is on its way at once.
    private func ask(_ client: ViewClient, _ course: inout Course, _ now: Timestamp) {
        guard now >= course.asks else { return }
        let isFree = inbox.withLock { inbox in
            guard inbox.asked == nil, inbox.answer == nil else { return false }
            inbox.asked = now
            return true
        }
        guard isFree else { return }
        course.asks = now + Sender.turn
        client.content.ask("/api/changes" + (course.known.map { "?after=\($0.next)" } ?? "")) { [self] answer in
            inbox.withLock { inbox in
                inbox.asked = nil
                inbox.answer = (now, answer)
            }
            woken.wake()
        }
    }

    private func take(_ answer: WindowAnswer?, asked: Timestamp, _ course: inout Course) {
        guard let answer, answer.status == 200 else {
            course.vigil.refusal = Sender.why(answer)
            return
        }
        guard let news = WatchNews(Array(answer.text.utf8)) else {
            course.vigil.refusal = "what the watch answers is not understood: are both of the same version?"
            return
        }
        course.vigil.refusal = ""
        course.vigil.take(news, asked: asked)
        name(news.site, &course)
        if let known = course.known, known.run != news.run {
            // What this answer has was counted by another one.
            course.known = (news.run, 0)
            course.asks = clock.now()
            return
        }
        if news.lost > 0 {
            course.missed += news.lost
            say("\(news.lost) changes of incidents were not had: the watch remembers the last 256")
        }
        course.known = (news.run, news.next)
        if !news.isAll { course.asks = clock.now() }
        guard !news.changes.isEmpty else { return }
        post.change { state in
            for change in news.changes {
                state.outbox.add(Outbox.Item(incident: change.incident, bytes: change.bytes))
            }
        }
    }

    private static func why(_ answer: WindowAnswer?) -> String {
        guard let answer else {
            return "what answers there knows no changes of incidents: is it a 'tap run' of this version?"
        }
        return answer.status == 503
            ? "the watch does not answer, or has not begun" : "the watch refuses with status \(answer.status)"
    }

    private func name(_ name: String, _ course: inout Course) {
        guard course.site == nil else { return }
        course.site = SendTopic.Site(name)
        guard course.site == nil, course.refusedName != name else { return }
        course.refusedName = name
        say("the site's name '\(printable(name, longest: 80))' cannot stand in a topic: give one with --as")
    }

    /// Says where the watch falls silent, and where it goes on.
    private func watchOver(_ course: inout Course, _ now: Timestamp) {
        let dropped = post.look { $0.outbox.dropped }
        if dropped > course.dropped {
            if course.dropped == 0 {
                say(
                    "\(Outbox.mostItems) changes of incidents wait for the broker: from now on the oldest are dropped, and counted"
                )
            }
            course.dropped = dropped
        }
        let silence = course.vigil.silence(at: now, start: course.start)
        guard (silence != nil) != course.isSilent else { return }
        // At the start it has some time.
        if course.isSilent == nil, course.vigil.answered == nil, now - course.start < WatchVigil.patience { return }
        course.isSilent = silence != nil
        guard let silence else {
            say("watch \(printable(options.socket, longest: 200)): answers")
            course.beats = now
            return post.change { $0.status = "online" }
        }
        let since = Words.utc(date.now().nanoseconds &- UInt64(clamping: (now - silence.since).count))
        let words = "silent since \(since.prefix(19))Z: \(silence.why)"
        say("watch \(printable(options.socket, longest: 200)): \(words)")
        post.change { $0.status = words }
    }

    /// Only while the watch goes on: whoever misses it need not know why.
    private func beat(_ course: inout Course, _ now: Timestamp) {
        guard let site = course.site, course.isSilent == false, now >= course.beats,
            let answered = course.vigil.answered
        else { return }
        // What was missed while this process stood still is not made up for.
        course.beats = max(course.beats + options.every, now)
        let (isConnected, waiting, dropped) = post.look { ($0.isConnected, $0.outbox.count, $0.outbox.dropped) }
        guard isConnected else {
            course.beats = now
            return
        }
        course.sequence += 1
        let heartbeat = Heartbeat(
            sequence: course.sequence, site: site, utc: date.now().nanoseconds, started: course.startedUTC,
            every: options.every, answered: now - answered, watch: course.vigil.watch, waiting: waiting,
            dropped: dropped, missed: course.missed)
        post.change { $0.heartbeat = heartbeat.bytes }
    }

    private func speak(of site: SendTopic.Site) throws(TapError) -> Speaking {
        let speaker = BrokerSpeaker(options.broker, site, post, clock, say: say)
        let ended = WakePipe()
        try ended.check()
        do throws(Errno) {
            let thread = try SystemThread("tap-broker") {
                speaker.run()
                ended.wake()
            }
            return Speaking(thread: thread, ended: ended)
        } catch {
            throw TapError(.device, "a thread", "cannot be made: \(error.words)", remedy: TapError.openFilesRemedy)
        }
    }

    /// The thread that speaks to the broker.
    private struct Speaking {
        let thread: SystemThread
        let ended: WakePipe

        /// Where a name is looked up or TCP connects, it cannot be interrupted: then it ends with the process.
        func end(after limit: Nanoseconds, _ clock: any TapClock) {
            ended.wait(limit)
            thread.leave()
        }
    }
}
