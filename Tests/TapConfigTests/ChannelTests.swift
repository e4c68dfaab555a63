import TapCore
import Testing

@testable import TapConfig

/// The way from a screen to tap, as `channel` describes it.
@Suite struct ChannelTests {
    private static let claims = """
        lines: [{name: A, wave: square, period: 1s}]
        claims: [{tag: RUN, of: {wave: constant}, every: 1s}, {tag: LEVEL, unit: m, of: {wave: dc, value: 1, unit: m}, every: 1s}]

        """

    /// The channel stands in line 6.
    private func scenario(_ channel: String, claims: String = claims) throws(ConfigurationErrors) -> Scenario {
        try ScenarioFile.parse(Minimal.scenario + claims + "channel: {\(channel)}\n", file: "s.yaml")
    }

    private func mistakes(_ channel: String, claims: String = claims) -> [String] {
        do throws(ConfigurationErrors) {
            _ = try scenario(channel, claims: claims)
            return []
        } catch { return error.mistakes.map(\.description) }
    }

    @Test func `each of its keys is read`() throws {
        let read = try scenario(
            """
            delay: {fixed: 200ms, jitter: 300ms, tail: 2s, tail-share: 0.01}, loss: 0.02, duplicates: 0.03, \
            repeats: 0.04, order: free, clock: {offset-s: -0.5, drift-ppm: 20}, \
            by-exception: {silence: 1min, dead-bands: {LEVEL: 0.05}}
            """)
        var channel = ClaimChannel()
        channel.delay.fixed = .milliseconds(200)
        channel.delay.jitter = .milliseconds(300)
        channel.delay.tail = .seconds(2)
        channel.delay.tailShare = 0.01
        channel.loss = 0.02
        channel.duplicates = 0.03
        channel.repeats = 0.04
        channel.keepsOrder = false
        channel.clock = ClaimChannel.Clock()
        channel.clock?.offset_s = -0.5
        channel.clock?.drift_ppm = 20
        channel.byException = ClaimChannel.ByException(silence: .seconds(60), deadBands: ["LEVEL": 0.05])
        #expect(read.channel == channel)
        #expect(channel.delay.longest == .milliseconds(16_500))
    }

    @Test func `an empty one delivers each claim at once, in order`() throws {
        #expect(try scenario("").channel == ClaimChannel())
        #expect(ClaimChannel().keepsOrder && ClaimChannel().delay.longest == .zero)
        let none = try ScenarioFile.parse(Minimal.scenario + Self.claims, file: "s.yaml")
        #expect(none.channel == nil)
    }

    @Test(arguments: [
        ("loss: 2", "6:17: loss 2 is out of range: write a number from 0 to 1"),
        ("order: none", "6:18: order 'none' is not known: write kept or free"),
        ("delay: {tail: 2s}", "6:18: key 'tail-share' is missing in the delay: add 'tail-share: 0.01'"),
        ("delay: {fixed: 11min}", "6:26: fixed 11min is out of range: write a time from 0s to 10min"),
        ("clock: {drift-ppm: 2000}", "6:30: drift-ppm 2000 is out of range: write a number from -1000 to 1000"),
        ("by-exception: {}", "6:25: key 'silence' is missing in by-exception: add 'silence: 1min'"),
        (
            "by-exception: {silence: 1min, dead-bands: {LEVLE: 1}}",
            "6:54: unknown key 'LEVLE' in dead-bands: did you mean 'LEVEL'?"
        ),
    ])
    func `mistakes are reported where they stand`(_ channel: String, _ mistake: String) {
        #expect(mistakes(channel) == ["s.yaml:" + mistake])
    }

    @Test func `without claims there is no channel`() {
        #expect(
            mistakes("loss: 0.1", claims: "lines: [{name: A, wave: square, period: 1s}]\n\n") == [
                "s.yaml:6:1: key 'channel' is not allowed here, because nothing is claimed: delete it"
            ])
    }
}
