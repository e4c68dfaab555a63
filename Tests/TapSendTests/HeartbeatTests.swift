import TapCore
import TestSupport
import Testing

@testable import TapBroker
@testable import TapSend

struct HeartbeatTests {
    @Test func `a heartbeat has its number, its times and the watch's own words`() throws {
        let heartbeat = Heartbeat(
            sequence: 3, site: try #require(SendTopic.Site("pump")), utc: 1_774_504_800_000_000_001,
            started: 1_774_504_770_000_000_000, every: .seconds(10), answered: .milliseconds(40),
            watch: Array(#"{"verdict":"agree"}"#.utf8), waiting: 1, dropped: 2, missed: 4)
        #expect(
            String(decoding: heartbeat.bytes, as: UTF8.self)
                == #"{"heartbeat":1,"site":"pump","sequence":3,"utc":"2026-03-26T06:00:00.000000001Z","#
                + #""started_utc":"2026-03-26T05:59:30.000000000Z","every_ms":10000,"answered_ms":40,"waiting":1,"#
                + #""dropped":2,"missed":4,"watch":{"verdict":"agree"}}"#)
    }

    @Test func `tries are a second apart, then twice as long, at most a minute`() {
        var backOff = BackOff()
        #expect((0..<9).map { _ in backOff.next().count / 1_000_000_000 } == [1, 2, 4, 8, 16, 32, 60, 60, 60])
        backOff.reset()
        #expect(backOff.next() == .seconds(1))
    }
}
