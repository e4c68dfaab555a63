import Testing

@testable import TapBroker

struct SendTopicTests {
    @Test func `topics are under tap and the site`() throws {
        let site = try #require(SendTopic.Site("Pump-station_14.b"))
        #expect("\(SendTopic.incident(7, of: site))" == "tap/Pump-station_14.b/incident/7")
        #expect("\(SendTopic.heartbeat(of: site))" == "tap/Pump-station_14.b/heartbeat")
        #expect("\(SendTopic.status(of: site))" == "tap/Pump-station_14.b/status")
    }

    @Test func `a site's name is one level of a topic and never Sparkplug's`() {
        let longest = String(repeating: "x", count: 64)
        #expect(SendTopic.Site(longest)?.description == longest)
        for name in [
            "", longest + "x", "a/b", "/", "+", "#", "a+", "a#", "a\u{0}b", "a b", "a\n", "$SYS", "é", "spBv1.0",
            "SPBV1.0",
            "a@", "a`", "a[", "a{", "a:",
        ] {
            #expect(SendTopic.Site(name) == nil, "\(name)")
        }
    }
}
