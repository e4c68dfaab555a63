import TapBroker
public import TapConfig
public import TapCore
import TapFormats

/// Claims of messages that an MQTT broker passes on: tap subscribes, and publishes nothing.
///
/// The broker is spoken to on a thread of its own, so that one that hangs delays nothing. Each claim has the time at which its
/// message was there. While the broker is away each tag has a gap, from when it was there for the last time, reported in pieces as
/// it goes on. What a broker kept from before (a retained message) claims nothing: when it was said is not known. Not thread-safe;
/// never blocks.
public struct BrokerSource: ~Copyable, TapSource {
    public let info: SourceInfo
    private let broker: BrokerOptions
    private let worker: BrokerWorker
    private var tags: [HeardTag]
    /// Of plain topics: numbers of tags.
    private let topics: [String: [Int]]
    private var sparkplug: SparkplugNodes
    private var payload = ClaimPayload()
    private var isListening = false
    private var retained = 0
    private var unreadable = 0
    private var sentences: [String] = []
    /// More sentences than that are not kept.
    private var unsaid = 0

    private static let mostSentences = 8

    /// What is known of a tag.
    private struct HeardTag: Sendable {
        let tag: ClaimTag
        let message: SiteMessage
        var loss = ClaimLoss()
        var isUnknown = true

        /// Unknown from then on, until `know`.
        mutating func lose(from: Timestamp, at time: Timestamp, into writer: inout RecordWriter) {
            isUnknown = true
            miss(from: from, at: time, into: &writer)
        }

        /// Something was missed in that span. What was unknown stays so.
        mutating func miss(from: Timestamp, at time: Timestamp, into writer: inout RecordWriter) {
            loss.begin(at: from)
            report(until: time, into: &writer)
            if isUnknown { loss.begin(at: time) }
        }

        mutating func know(at time: Timestamp, into writer: inout RecordWriter) {
            isUnknown = false
            report(until: time, into: &writer)
        }

        /// What is open of it.
        mutating func report(until time: Timestamp, into writer: inout RecordWriter) {
            loss.report([tag.info], until: time, discovered: time) { writer.event(.gap($0)) }
        }
    }

    /// - Parameters:
    ///   - source: given by a broker; nil is made of another.
    ///   - firstTag: the session's number of its first tag.
    ///   - clock: the session's.
    /// - Throws: a file of the login cannot be read, or is none.
    public init?(_ source: SiteClaimSource, firstTag: UInt16, clock: any TapClock) throws(TapError) {
        guard case .broker(let place) = source.origin else { return nil }
        var broker = BrokerOptions(
            host: place.host, port: UInt16(clamping: place.port),
            client: BrokerOptions.usualClient("tap-\(source.name)"))
        broker.login = try place.login.map { path throws(TapError) in try BrokerLogin(path: path) }
        broker.tls = place.authorities.map {
            BrokerOptions.TLS(authorities: $0, certificate: place.certificate, key: place.key)
        }
        let heard = source.tags.compactMap { tag in tag.message.map { (tag, $0) } }
        self.init(
            broker,
            heard.enumerated().map { number, heard in
                let (tag, message) = heard
                let id = TagID(firstTag + UInt16(clamping: number))
                return HeardTag(
                    tag: ClaimTag(
                        TagInfo(id: id, name: tag.name, source: source.name, unit: tag.unit), tag.claimKind),
                    message: message)
            }, name: source.name, clock: clock)
    }

    private init(_ broker: BrokerOptions, _ tags: [HeardTag], name: String, clock: any TapClock) {
        var topics: [String: [Int]] = [:]
        var metrics: [(number: Int, metric: String, of: SparkplugNode)] = []
        for (number, heard) in tags.enumerated() {
            switch heard.message {
            case .topic(let topic, _): topics[topic, default: []].append(number)
            case .metric(let metric, let place): metrics.append((number, metric, place))
            }
        }
        (self.broker, self.tags, self.topics, sparkplug) = (broker, tags, topics, SparkplugNodes(metrics))
        worker = BrokerWorker(broker, topics: topics.keys.sorted() + sparkplug.topics, clock: clock)
        info = SourceInfo(
            name: name, provenance: .hardware, clock: ClockDomain(.monotonic), capabilities: .claims,
            tags: tags.map(\.tag.info), longestSilence: .seconds(1),
            limits: [
                "tap subscribes to the broker \(broker.place): it asks nothing of the plant, and publishes nothing"
            ])
    }

    public mutating func start(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        guard !tags.isEmpty else { return .ended }
        for index in tags.indices { tags[index].loss.begin(at: now) }
        try worker.start()
        return wake(after: now)
    }

    public mutating func step(at now: Timestamp, into writer: inout RecordWriter) -> Wake {
        listen(into: &writer)
        return wake(after: now)
    }

    public mutating func stop(at now: Timestamp, into writer: inout RecordWriter) {
        guard !tags.isEmpty else { return }
        worker.stop()
        let end = listen(into: &writer)
        for index in tags.indices { tags[index].report(until: end, into: &writer) }
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
            case .listening(let refused): listening(refused, at: event.time, into: &writer)
            case .message(let message): hear(message, at: event.time, into: &writer)
            case .gone(let why, let alive):
                if isListening || sentences.isEmpty { say("\(isListening ? "was lost: " : "")\(why)") }
                isListening = false
                sparkplug.forget()
                lose(from: alive ?? event.time, at: event.time, into: &writer)
            case .full(let count, let from):
                say("\(count) messages came faster than they could be taken, and were lost")
                for index in tags.indices { tags[index].miss(from: from, at: event.time, into: &writer) }
            }
        }
        writer.watermark(at: end)
        writer.publish()
        return end
    }

    private mutating func lose(from: Timestamp, at time: Timestamp, into writer: inout RecordWriter) {
        for index in tags.indices { tags[index].lose(from: from, at: time, into: &writer) }
    }

    private mutating func listening(_ refused: [String], at time: Timestamp, into writer: inout RecordWriter) {
        isListening = true
        for topic in refused { say("does not pass on '\(printable(topic, longest: 80))'") }
        for index in tags.indices {
            guard case .topic(let topic, _) = tags[index].message, !refused.contains(topic) else { continue }
            tags[index].know(at: time, into: &writer)
        }
    }

    private mutating func hear(_ message: BrokerMessage, at time: Timestamp, into writer: inout RecordWriter) {
        guard !message.isRetained else { return retained += 1 }
        if !topics.keys.contains(message.topic) { hearMetrics(message, at: time, into: &writer) }
        for number in topics[message.topic] ?? [] {
            guard case .topic(_, let member) = tags[number].message else { continue }
            do throws(ClaimPayload.Problem) {
                guard let bytes = message.payload else {
                    throw ClaimPayload.Problem(what: "is longer than \(BrokerMessage.longest) bytes")
                }
                let (value, isFitting) = tags[number].tag.claim(of: try payload.value(bytes, member: member))
                writer.event(
                    .claim(
                        Claim(
                            tag: tags[number].tag.info.id, value: value, quality: isFitting ? .unknown : .bad,
                            time: time)))
            } catch {
                misread(number, "a message of '\(printable(message.topic, longest: 80))' \(error.what)", time, &writer)
            }
        }
    }

    private mutating func hearMetrics(_ message: BrokerMessage, at time: Timestamp, into writer: inout RecordWriter) {
        var outcomes: [SparkplugNodes.Outcome] = []
        sparkplug.hear(message.topic, message.payload, at: time) { outcomes.append($0) }
        for outcome in outcomes {
            switch outcome {
            case .missed(let number, let from): tags[number].miss(from: from, at: time, into: &writer)
            case .unknown(let number, let from): tags[number].lose(from: from, at: time, into: &writer)
            case .known(let number): tags[number].know(at: time, into: &writer)
            case .said(let what): say(what)
            case .claim(let number, let written, let code, let sampled, let sent):
                let (value, isFitting) = tags[number].tag.claim(of: written)
                let quality = code.map { BrokerSource.quality(of: $0) } ?? .unknown
                writer.event(
                    .claim(
                        Claim(
                            tag: tags[number].tag.info.id, value: value, quality: isFitting ? quality : .bad,
                            time: time,
                            sourceTime_ns: sampled.flatMap(BrokerSource.nanoseconds),
                            serverTime_ns: sent.flatMap(BrokerSource.nanoseconds))))
            }
        }
    }

    /// Sparkplug's numbers are OPC's, and 500, which is stale.
    private static func quality(of code: UInt64) -> Claim.Quality {
        switch code {
        case 0..<64, 500: .bad
        case 64..<128: .uncertain
        case 192..<256: .good
        default: .unknown
        }
    }

    private static func nanoseconds(_ milliseconds: UInt64) -> UInt64? {
        let (product, isTooLarge) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
        return isTooLarge ? nil : product
    }

    /// What was said of a tag is not known.
    private mutating func misread(_ number: Int, _ what: String, _ time: Timestamp, _ writer: inout RecordWriter) {
        unreadable += 1
        say(what)
        tags[number].miss(from: time, at: time, into: &writer)
    }

    private mutating func say(_ what: String) {
        let sentence = "broker \(broker.place): \(what)"
        guard !sentences.contains(sentence) else { return }
        guard sentences.count < BrokerSource.mostSentences else { return unsaid += 1 }
        sentences.append(sentence)
    }

    public var remarks: [String] {
        var all = sentences
        if unsaid > 0 { all.append("and \(unsaid) more of that kind") }
        if unreadable > 0 { all.append("\(unreadable) claims cannot be read: what they say is unknown, and a gap") }
        if sparkplug.historical > 0 {
            all.append(
                "\(sparkplug.historical) values that were kept from before claim nothing: they say how things were")
        }
        if retained > 0 {
            all.append(
                "broker \(broker.place): \(retained) messages that it had kept claim nothing: when they were said is not known"
            )
        }
        return all
    }
}
