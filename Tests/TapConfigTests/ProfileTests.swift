import TapConfig
import TapCore
import Testing

@Suite struct ProfileTests {
    private static let text = """
        {
          "tap_profile": 1, "bench": "b", "boards": ["b"], "provenance": "hardware", "utc_ns": 1,
          "machine": {"model": "", "architecture": "aarch64"}, "kernel": {"release": "6.12", "version": ""},
          "lines": [
            {"line": "A", "chip": "one", "offset": 3, "shortest_pulse_ns": 2000, "pulses": 100, "lossless_rate_hz": 900},
            {"line": "B", "chip": "one", "offset": 4, "shortest_pulse_ns": 3000, "pulses": 100, "lossless_rate_hz": 800},
            {"line": "C", "chip": "two", "offset": 0}
          ]
        }

        """

    private func reported(_ text: String) -> [String] {
        do throws(ConfigurationErrors) {
            _ = try ProfileFile.parse(Array(text.utf8), file: "p.json")
            return []
        } catch {
            return error.description.split(separator: "\n").map(String.init)
        }
    }

    @Test func `its figures are those of the worst line of the chips asked for`() throws {
        let profile = try ProfileFile.parse(Array(Self.text.utf8), file: "p.json")
        #expect(profile.shortestPulse(ofChips: ["one"]) == .microseconds(3))
        // Of a line without the figure, of a chip without a line.
        #expect(profile.shortestPulse == nil)
        #expect(profile.shortestPulse(ofChips: ["one", "three"]) == nil)
        #expect(profile.losslessRate_hz == nil)
        #expect(profile.interruptLatency == nil)
    }

    @Test func `the key of tap 0_1_0 is read as that of today`() {
        let older = Self.text.replacing("tap_profile", with: "tap-profile")
        #expect(reported(older) == [])
        #expect(
            reported(older.replacing("\"tap-profile\": 1", with: "\"tap-profile\": 1, \"tap_profile\": 1")).count == 1)
        #expect(
            reported(older.replacing("\"tap-profile\": 1", with: "\"tap-profile\": 2")) == [
                "p.json:2:18: tap_profile 2 is an unknown version of the format: write 1, or use a newer tap"
            ])
    }

    @Test func `its place is beside the board file`() {
        #expect(ProfileFile.path(besideBoard: "a/press.yaml") == "a/press.profile.json")
        #expect(ProfileFile.path(besideBoard: "press") == "press.profile.json")
        #expect(throws: Never.self) { try ProfileFile.load(path: "/proc/self/none.json") }
    }

    @Test func `what is wrong with it is reported with its place`() {
        #expect(reported("") == ["p.json:1:1: the file is empty: begin with 'tap_profile: 1'"])
        #expect(
            reported("[]") == [
                "p.json:1:1: the file is a list, where keys and values are expected: begin with 'tap_profile: 1'"
            ])
        #expect(
            reported("tap-board: 1") == [
                "p.json:1:1: the file is a board file, where a profile file is expected: give it with --board"
            ])
        #expect(
            reported(Self.text.replacing("\"tap_profile\": 1", with: "\"tap_profile\": 2")) == [
                "p.json:2:18: tap_profile 2 is an unknown version of the format: write 1, or use a newer tap"
            ])
        #expect(
            reported(Self.text.replacing("2000", with: "-1")) == [
                "p.json:5:68: shortest_pulse_ns -1 is out of range: write 0 or more"
            ])
        #expect(
            reported(Self.text.replacing("\"pulses\": 100, \"lossless_rate_hz\": 900", with: "\"pulse\": 100")) == [
                "p.json:5:74: unknown key 'pulse' in a line: did you mean 'pulses'?"
            ])
        #expect(
            reported(Self.text.replacing("\"utc_ns\": 1", with: "\"write_ns\": {\"count\": 1}")) == [
                "p.json:2:90: key 'max' is missing in write_ns: add '\"max\": 0'",
                "p.json:2:90: key 'min' is missing in write_ns: add '\"min\": 0'",
                "p.json:2:90: key 'p50' is missing in write_ns: add '\"p50\": 0'",
                "p.json:2:90: key 'p99_9' is missing in write_ns: add '\"p99_9\": 0'",
            ])
        #expect(!reported(String(Self.text.prefix(150))).isEmpty)
    }
}
