import TapCore
import Testing

@testable import TapFormats
@testable import TapSend

struct WatchVigilTests {
    private let start = Timestamp(nanoseconds: 1_000_000_000_000)

    private func at(_ seconds: Int64) -> Timestamp { start + .seconds(seconds) }

    private func news(decided: Int, behind_ms: Int = 0, ended: Bool = false) throws -> WatchNews {
        try #require(
            WatchNews(
                Array(
                    """
                    {"run":"1","next":"0","lost":"0","all":true,"incidents":[],"watch":
                    {"site":"s","decided_ns":"\(decided)","behind_ms":\(behind_ms),"ended":\(ended)}}
                    """.utf8)))
    }

    private func silence(_ vigil: WatchVigil, at seconds: Int64) -> String? {
        vigil.silence(at: at(seconds), start: start).map { "\(($0.since - start).count / 1_000_000_000) \($0.why)" }
    }

    @Test func `a watch that answers and decides is not silent`() throws {
        var vigil = WatchVigil()
        for second in 1...100 {
            vigil.take(try news(decided: second), asked: at(Int64(second)))
            #expect(silence(vigil, at: Int64(second) + 5) == nil)
        }
    }

    @Test func `silence has the time of the last sign, and why`() throws {
        var vigil = WatchVigil()
        #expect(silence(vigil, at: 7) == "0 the watch has not answered yet")
        vigil.refusal = "nobody listens"
        #expect(silence(vigil, at: 7) == "0 nobody listens")
        vigil.take(try news(decided: 1), asked: at(10))
        vigil.refusal = ""
        #expect(silence(vigil, at: 15) == nil)
        #expect(silence(vigil, at: 16) == "10 the watch does not answer")
        vigil.take(try news(decided: 2, behind_ms: 5_001), asked: at(20))
        #expect(silence(vigil, at: 20) == "20 the watch answers and does not go on")
        vigil.take(try news(decided: 3, ended: true), asked: at(21))
        #expect(silence(vigil, at: 21) == "21 the watch has ended")
    }

    @Test func `a watch that answers and decides nothing is silent`() throws {
        var vigil = WatchVigil()
        for second in Int64(0)...31 {
            vigil.take(try news(decided: 4), asked: at(second))
            #expect(silence(vigil, at: second) == (second == 31 ? "0 the watch decides nothing" : nil))
        }
    }
}

struct WatchNewsTests {
    @Test func `incidents and the watch's state are passed on byte for byte`() throws {
        let incident = #"{"incident":7,"title":"a \"b\" {","causes":["x"],"incident_of":1}"#
        let watch = #"{"site":"pump","verdict":"agree","behind_ms":12,"decided_ns":"5","more":{"ended":true}}"#
        let text =
            #"{"run":"1-2","next":"12","lost":"3","all":false,"new":[1],"incidents":[\#(incident), \#(incident)],"watch": \#(watch)}"#
        let news = try #require(WatchNews(Array(text.utf8)))
        #expect((news.run, news.next, news.lost, news.isAll) == ("1-2", 12, 3, false))
        #expect(news.changes.map(\.incident) == [7, 7])
        #expect(news.changes.map(\.bytes) == [Array(incident.utf8), Array(incident.utf8)])
        #expect(news.watch == Array(watch.utf8))
        #expect((news.site, news.decided_ns, news.behind, news.isEnded) == ("pump", "5", .milliseconds(12), false))
    }

    @Test func `what is none is refused`() {
        let whole = #"{"run":"1","next":"0","incidents":[{"incident":1}],"watch":{}}"#
        #expect(WatchNews(Array(whole.utf8)) != nil)
        for text in [
            "", "{}", "[]", whole + "x", String(whole.dropLast()), #"{"run":"1","next":"0","watch":{}"#,
            #"{"run":"1","next":"-1","watch":{}}"#, #"{"run":"1","next":0,"watch":{}}"#,
            #"{"run":"1","next":"0","incidents":[{"number":1}],"watch":{}}"#, #"{"run":"1","watch":[]}"#,
            #"{"next":"0","watch":{}}"#,
        ] {
            #expect(WatchNews(Array(text.utf8)) == nil, "\(text)")
        }
        #expect(WatchNews([0xFF]) == nil)
    }
}
