import TapConfig
import TapCore
import Testing

@testable import TapWatch

struct WatchedSiteTests {
    private static let text = """
        tap-site: 1
        name: well
        title: Well
        assets: {P1: {title: Pump 1, zone: process}, hmi: Operator screen}
        signals:
          CMD: {asset: P1, role: command, line: GPIO17, high: commanded to run}
          FB: {asset: P1, role: feedback, high: contactor closed}
          LT: {role: measurement, loop: 4..20 mA = 0..5 m, accuracy: 25 mm}
        claims: {hmi: {every: 1s, late: 150ms, silent-after: 3 polls, tags: {LEVEL: {is: mm, of: LT}, ALARM: {}}}}
        words: {idle: not CMD and not FB}
        rules:
          unasked: {asset: P1, never: FB and not CMD, for: 200ms, severity: high}
          told: {when: FB for 2s, then: hmi.ALARM, within: 3s}
          obeys: {when: CMD, then: FB, within: 150ms, both-ways: true}
          level: {never: LT > 4 m}
          always: {always: CMD or FB}
          starts: {count: FB, at-most: 3 in 1min}
        """

    @Test func `rules of lines and Boolean tags are watched, and of others it is said what they ask for`() throws {
        let site = WatchedSite(try SiteFile.parse(Self.text, file: "well.yaml"))
        #expect(site.rules.map(\.name) == ["unasked", "told", "obeys", "always"])
        #expect(
            site.unwatched.map { "\($0.rule): \($0.why)" } == [
                "hmi.LEVEL: a claim beside its wire", "hmi silent: the silence of a source",
                "level: values of channels or tags", "starts: values of channels or tags",
            ])
        #expect(
            site.rules.map(\.sentence) == [
                "For 200ms: FB is high (contactor closed) and CMD is low (high: commanded to run).",
                "For 3s: FB is high (contactor closed) for 2s, and Operator screen says no ALARM.",
                "For 150ms: only one of two: CMD is high (commanded to run); FB is high (contactor closed).",
                "CMD is low (high: commanded to run) and FB is low (high: contactor closed).",
            ])
        #expect(site.rules.map { $0.lasting.count / 1_000_000 } == [200, 3000, 150, 0])
        #expect(site.rules.map { $0.assets.map(\.title) } == [["Pump 1"], ["Pump 1"], ["Pump 1"], ["Pump 1"]])
        #expect(site.rules.map(\.claims) == [[], ["hmi.ALARM"], [], []])
        #expect(site.rules.map(\.severity) == [.high, .medium, .medium, .medium])
        #expect(site.signalOfLine == ["GPIO17": "CMD", "FB": "FB"])
    }
}
