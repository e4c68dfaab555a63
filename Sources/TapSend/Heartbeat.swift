import TapBroker
import TapCore
import TapFormats

/// That a watch goes on and answers, for whoever notices where it does not come.
struct Heartbeat: Sendable {
    /// From 1 on, since the start.
    var sequence: UInt64
    var site: SendTopic.Site
    var utc: UInt64
    var started: UInt64
    var every: Nanoseconds
    /// Since the watch was asked for the answer that is the newest.
    var answered: Nanoseconds
    /// The watch's own words, a JSON object.
    var watch: [UInt8]
    var waiting: Int
    var dropped: UInt64
    var missed: UInt64

    var bytes: [UInt8] {
        Array(
            JSON.object([
                ("heartbeat", "1"), ("site", JSON.string(site.description)), ("sequence", "\(sequence)"),
                ("utc", JSON.string(Words.utc(utc))), ("started_utc", JSON.string(Words.utc(started))),
                ("every_ms", "\(every.count / 1_000_000)"), ("answered_ms", "\(answered.count / 1_000_000)"),
                ("waiting", "\(waiting)"), ("dropped", "\(dropped)"), ("missed", "\(missed)"),
                ("watch", String(decoding: watch, as: UTF8.self)),
            ]).utf8)
    }
}
