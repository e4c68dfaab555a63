import TapCore
import Testing

@testable import TapRecord

/// Questions about a span that several sessions share.
@Suite struct SplitAnswerTests {
    private func answer(_ disk: MemoryDisk, _ key: VerifierKey, from: AskedTime, to: AskedTime) throws -> Completeness {
        try StoreQuestion(disk, key: key, .line("SIREN"), from: from, to: to).answer()
    }

    @Test func `an answer is split where recording began anew`() throws {
        let sound = try SoundStore(seconds: 4)
        let found = try answer(
            MemoryDisk(sound.state), sound.key, from: .utc(SoundStore.utc(1, 1_500_000_000)),
            to: .utc(SoundStore.utc(2, 2_500_000_000)))
        #expect(found.answer == .unknown)
        #expect(found.parts.map(\.session) == [0, 1, 2])
        #expect(
            found.parts[0].reasons == ["the span lies in sessions 1 to 2: between two of them nothing was recorded"])
    }

    @Test func `an answer is split where the configuration changed`() throws {
        let disk = MemoryDisk()
        let made = try RecordStore.make(on: disk, origin: SoundStore.origin, provenance: .simulated, utc_ns: 1)
        let key = try #require(VerifierKey(made.key))
        try SoundStore.record(on: disk, 4)
        var header = SoundStore.header
        header.sources[0].lines[1].options.debounce = .milliseconds(5)
        try SoundStore.record(on: disk, 4, header: header)
        let found = try answer(
            disk, key, from: .utc(SoundStore.utc(1, 1_500_000_000)), to: .utc(SoundStore.utc(2, 2_500_000_000)))
        #expect(found.parts[0].reasons.last == "its configuration is another in some of them")
        #expect(found.parts[1].configuration != found.parts[2].configuration)
    }

    @Test func `times since the start are of the last session`() throws {
        let sound = try SoundStore(seconds: 4)
        let disk = MemoryDisk(sound.state)
        let found = try answer(disk, sound.key, from: .sinceStart(.seconds(1)), to: .sinceStart(.seconds(2)))
        #expect(found.parts.map(\.session) == [2])
        #expect(found.answer == .silent)
    }
}
