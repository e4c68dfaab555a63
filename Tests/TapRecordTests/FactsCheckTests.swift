import TapCore
import Testing

@testable import TapRecord

/// Entries whose digests and signatures hold, and that say something else than their records.
@Suite struct FactsCheckTests {
    private func findings(
        _ entries: [[UInt8]], _ sound: SoundStore, change: (inout ChunkEntry) -> Void
    ) throws -> [Verification.Finding] {
        let forged = ForgedLog(epochs: 9)
        // Those with edges.
        let chunks = try entries.indices.filter { index in
            if case .chunk(let entry) = try LogEntry(decoding: entries[index]) { entry.edges > 0 } else { false }
        }
        let target = chunks[4]
        let disk = try forged.disk(entries, sound.state) { index, bytes in
            guard index == target, case .chunk(var entry)? = try? LogEntry(decoding: bytes) else { return bytes }
            change(&entry)
            return LogEntry.chunk(entry).encoded()
        }
        var verifier = StoreVerifier(disk, key: forged.key, seen: [], readsRecords: true)
        return try verifier.run(isRecording: false).findings
    }

    @Test func `entries that say what their records give contradict nothing`() throws {
        let sound = try SoundStore(seconds: 8)
        #expect(try findings(sound.entries(), sound) { _ in } == [])
    }

    @Test func `what an entry says wrongly of its records is a contradiction`() throws {
        let sound = try SoundStore(seconds: 3)
        let entries = try sound.entries()
        let fix = ClockFix(
            monotonic: .zero, utcNanoseconds: 1, bracket: .zero, bootID: BootID(high: 1, low: 2), isSynchronised: true,
            sinceSynchronised: nil, kernelMaximumError: Nanoseconds(1))
        let lies: [(String, (inout ChunkEntry) -> Void)] = [
            ("edges", { $0.edges += 1 }), ("scans", { $0.scans += 1 }), ("events", { $0.events += 1 }),
            ("first", { $0.earliestRecord = Timestamp(nanoseconds: 1) }),
            ("last", { $0.latestRecord = Timestamp(nanoseconds: 1) }),
            ("gap", { $0.earliestGap = .zero }), ("notes", { $0.notesLost = 1 }),
            ("fixes", { $0.clockFixes.append(fix) }),
            ("ADC", { $0.devices.append(DeviceFacts()) }), ("tag", { $0.tags.append(TagFacts()) }),
            ("lines", { $0.lines.append(LineFacts()) }),
        ]
        for (name, lie) in lies {
            let found = try findings(entries, sound, change: lie)
            #expect(found.map(\.kind) == [.contradiction], "\(name): \(found)")
        }
    }

    @Test func `a span of which the log says nothing is unknown, and missing is nothing`() throws {
        let sound = try SoundStore(seconds: 3)
        let found = try findings(sound.entries(), sound) { $0.from = $0.from + Nanoseconds(1) }
        #expect(found.first?.kind == .unknown)
        #expect(Set(found.map(\.kind)).isSubset(of: [.unknown, .contradiction]), "\(found)")
    }

    @Test func `each fact of a line is compared`() throws {
        let sound = try SoundStore(seconds: 3)
        let entries = try sound.entries()
        let lies: [(inout LineFacts) -> Void] = [
            { $0.edges += 1 }, { $0.firstLevel += 1 }, { $0.lastLevel += 1 }, { $0.agreed += 1 }, { $0.failed += 1 },
            { $0.firstReading = 7 }, { $0.lastReading = 7 }, { $0.longestDistance += 1 }, { $0.losses ^= 1 },
            { $0.lost += 1 }, { $0.late += 1 },
        ]
        for lie in lies {
            let found = try findings(entries, sound) { lie(&$0.lines[0]) }
            #expect(found.map(\.kind) == [.contradiction], "\(found)")
        }
    }

    @Test func `a chunk that is not there contradicts nothing behind it`() throws {
        let sound = try SoundStore(seconds: 8)
        let disk = MemoryDisk(sound.state)
        let path = try #require(disk.paths.first { $0.hasPrefix("segments/") })
        var bytes = try #require(disk[path])
        // In the records of one chunk.
        guard
            case .chunk(let chunk)? = try sound.entries().lazy.map({ try? LogEntry(decoding: $0) }).first(where: {
                if case .chunk = $0 { true } else { false }
            })
        else { return }
        bytes[Int(chunk.offset + chunk.length) - 60] ^= 1
        disk[path] = bytes
        var verifier = StoreVerifier(disk, key: sound.key, seen: [], readsRecords: true)
        #expect(try verifier.run(isRecording: false).findings.map(\.kind) == [.altered])
    }
}
