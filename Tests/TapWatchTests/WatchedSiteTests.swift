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
        claims: {hmi: {every: 1s, late: 150ms, silent-after: 3 polls, repeats: {tags: [LEVEL], span: 60 polls, within: 24h}, writes: {allowed: none}, tags: {LEVEL: {is: mm, of: LT}, ALARM: {}}}}
        words: {idle: not CMD and not FB}
        rules:
          unasked: {asset: P1, never: FB and not CMD, for: 200ms, severity: high}
          told: {when: FB for 2s, then: hmi.ALARM, within: 3s}
          obeys: {when: CMD, then: FB, within: 150ms, both-ways: true}
          level: {never: LT > 4 m}
          always: {always: CMD or FB}
          starts: {count: FB, at-most: 3 in 1min}
        """

    @Test func `rules say what is the case where they are broken`() throws {
        let site = WatchedSite(try SiteFile.parse(Self.text, file: "well.yaml"))
        #expect(
            site.rules.map(\.name) == [
                "hmi.LEVEL", "hmi silent", "hmi repeats", "hmi writes", "hmi flooded", "LT failed", "unasked", "told",
                "obeys",
                "level",
                "always", "starts",
            ])
        #expect(site.unwatched == [])
        #expect(
            site.rules.map(\.sentence) == [
                "Operator screen shows another LEVEL than the wires (LT), by more than they are accurate to.",
                "No claim of Operator screen for 3 polls.",
                "The last 60 polls of LEVEL are, digit for digit, those of an earlier time of the last 24h.",
                "Somebody writes to what Operator screen reads, and may not.",
                "Operator screen makes more than 1000 claims within a second.",
                "The transmitter of LT signals a failure: for 2s beyond 3.7..20.75 mA.",
                "For 200ms: FB is high (contactor closed) and CMD is low (not: commanded to run).",
                "For 3s: FB is high (contactor closed) for 2s, and Operator screen says no ALARM.",
                "For 150ms: only one of two: CMD is high (commanded to run); FB is high (contactor closed).",
                "LT > 4 m.",
                "CMD is low (not: commanded to run) and FB is low (not: contactor closed).",
                "More often than 3 times in 1min: FB is high (contactor closed).",
            ])
        #expect(site.rules.map { $0.lasting.count / 1_000_000 } == [0, 0, 0, 0, 0, 2000, 200, 3000, 150, 0, 0, 0])
        #expect(
            site.rules.map { $0.assets.map(\.title) } == [
                [], [], [], [], [], [], ["Pump 1"], ["Pump 1"], ["Pump 1"], [], ["Pump 1"], ["Pump 1"],
            ])
        #expect(
            site.rules.map(\.claims) == [
                ["hmi.LEVEL"], [], ["hmi.LEVEL"], [], [], [], [], ["hmi.ALARM"], [], [], [], [],
            ])
        #expect(
            site.rules.map(\.severity) == [
                .medium, .medium, .medium, .medium, .medium, .medium, .high, .medium, .medium, .medium, .medium,
                .medium,
            ])
        // Quantities, and of the rest what a sentence leaves open.
        #expect(
            site.rules.map(\.reads) == [
                ["LT", "hmi.LEVEL"], [], ["hmi.LEVEL"], ["hmi.writes"], [], ["LT"], [], [], ["CMD", "FB"], ["LT"], [],
                [],
            ])
        #expect(site.rules[11].memory == .seconds(60))
    }
}
