public import TapConfig
public import TapCore
import TapDecode

/// Claims of registers that tap asks for, over Modbus TCP: not passive, and its limits say so.
///
/// The server is asked on a thread of its own, so that one that hangs delays nothing. Each claim has the time at which its
/// answer was there. While the server is gone, or refuses, each tag has a gap from its last answer to its next, reported in pieces
/// as it goes on. Not thread-safe; never blocks.
public struct PolledSource: ~Copyable, TapSource {
    public let info: SourceInfo
    private let map: RegisterMap
    private let questions: [PollQuestion]
    private let worker: PollWorker
    private var states: [QuestionState]

    /// What is known of the tags that one question asks for.
    private struct QuestionState: Sendable {
        var tags: [TagInfo]
        var loss = ClaimLoss()
        var lastHeard: Timestamp?
        var isLost = false
    }

    /// - Parameters:
    ///   - source: asked for; nil is made of another.
    ///   - firstTag: the session's number of its first tag.
    ///   - clock: the session's.
    /// - Throws: a map that cannot be.
    public init?(_ source: SiteClaimSource, firstTag: UInt16, clock: any TapClock) throws(TapError) {
        guard case .poll(let host, let port, let unit, _) = source.origin else { return nil }
        let server = PollServer(
            address: host, port: UInt16(clamping: port), unit: UInt8(clamping: unit), every: source.every)
        self.init(try RegisterMap(source, firstTag: firstTag), server, name: source.name, clock: clock)
    }

    private init(_ map: RegisterMap, _ server: PollServer, name: String, clock: any TapClock) {
        let questions = map.questions
        (self.map, self.questions) = (map, questions)
        worker = PollWorker(server, questions, clock: clock)
        states = questions.map { QuestionState(tags: map.tags(of: $0)) }
        info = SourceInfo(
            name: name, provenance: .hardware, clock: ClockDomain(.monotonic), capabilities: .claims, tags: map.tags,
            longestSilence: .seconds(1),
            limits: ["tap asks \(server) itself, \(server.budget) requests/s at most: this is not passive"])
    }

    public mutating func start(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        guard !questions.isEmpty else { return .ended }
        for index in states.indices { states[index].lastHeard = now }
        try worker.start()
        return wake(after: now)
    }

    public mutating func step(at now: Timestamp, into writer: inout RecordWriter) -> Wake {
        listen(into: &writer)
        return wake(after: now)
    }

    public mutating func stop(at now: Timestamp, into writer: inout RecordWriter) {
        guard !questions.isEmpty else { return }
        worker.stop()
        let end = listen(into: &writer)
        for index in states.indices where states[index].isLost {
            states[index].loss.report(states[index].tags, until: end, discovered: end) { writer.event(.gap($0)) }
        }
        writer.publish()
    }

    private func wake(after now: Timestamp) -> Wake {
        .readable(worker.arrived.descriptor, orAt: now + .milliseconds(50))
    }

    /// - Returns: up to when everything is written.
    @discardableResult
    private mutating func listen(into writer: inout RecordWriter) -> Timestamp {
        let (events, end) = worker.take()
        for event in events {
            switch event.what {
            case .values(let question, let words): hear(question, words, at: event.time, into: &writer)
            case .refused(let question, _): lose(question, at: event.time, into: &writer)
            case .gone: for question in states.indices { lose(question, at: event.time, into: &writer) }
            }
        }
        writer.watermark(at: end)
        return end
    }

    private mutating func hear(
        _ question: Int, _ words: [UInt16], at time: Timestamp, into writer: inout RecordWriter
    ) {
        states[question].loss.report(states[question].tags, until: time, discovered: time) { writer.event(.gap($0)) }
        (states[question].isLost, states[question].lastHeard) = (false, time)
        map.claims(from: questions[question].address, words: words, at: time) { writer.event(.claim($0)) }
    }

    /// What is asked for is unknown from the last answer on, and stays so.
    private mutating func lose(_ question: Int, at time: Timestamp, into writer: inout RecordWriter) {
        states[question].loss.begin(at: states[question].lastHeard ?? time)
        states[question].loss.report(states[question].tags, until: time, discovered: time) { writer.event(.gap($0)) }
        states[question].loss.begin(at: time)
        (states[question].isLost, states[question].lastHeard) = (true, time)
    }
}
