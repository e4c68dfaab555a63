import TapCore
import TestSupport
import Testing

@testable import TapRecord

/// Each bit of each file of a store but private keys and lock: where it is flipped, the verifier finds it, and finds it there.
///
/// With `TAP_BITS` the bits are split into so many parts, and the soak's seed is the part that is tried. Without it one bit
/// in some thousands is.
@Suite struct BitTests {
    /// One bit in so many, from `first` on.
    static let step = Soak.number("TAP_BITS") ?? 16_001
    static let first = Int(Soak.seed) % step

    static func findings(_ disk: MemoryDisk, _ key: VerifierKey) throws -> [String] {
        var verifier = StoreVerifier(disk, key: key, seen: [])
        return try verifier.run(isRecording: false).findings.map(\.place)
    }

    /// The part of a segment that an entry covers: where it begins, and how its findings begin.
    private struct Part {
        var path: String
        var bytes: Range<Int>
        var place: String
    }

    /// All parts of all segments that are there, as entries say; the rest of a segment that is not sealed is one too.
    private static func parts(of disk: MemoryDisk) throws -> [Part] {
        var parts: [Part] = []
        func add(_ segment: UInt64, _ offset: UInt64, _ length: UInt64) {
            let path = SegmentWriter.path(segment)
            let place = "\(path), bytes \(offset) to \(offset + length)"
            parts.append(Part(path: path, bytes: Int(offset)..<Int(offset + length), place: place))
        }
        var reader = try LogReader(on: disk)
        var state = StoreState()
        while let next = try reader.next() {
            switch try state.take(next.entry) {
            case .segment(let entry): add(entry.number, 0, entry.length)
            case .chunk(let entry): add(entry.segment, entry.offset, entry.length)
            case .seal(let entry): add(entry.segment, entry.offset, entry.length)
            default: break
            }
        }
        for segment in state.open.values {
            let path = SegmentWriter.path(segment.entry.number)
            let place = "\(path), bytes from \(segment.end) on"
            parts.append(Part(path: path, bytes: Int(segment.end)..<Int(segment.entry.size), place: place))
        }
        return parts
    }

    /// Sessions in order, one that was cut, epochs, a pin, more than a bundle of entries.
    private static func store() throws -> (state: MemoryDisk.State, key: VerifierKey) {
        let run = try CutRun.begin()
        let disk = run.disk
        for _ in 0..<3 {
            run.add(0, scans: 1)
            run.add(1, scans: 1)
            try run.commit()
        }
        try run.stop()
        try RetentionTests.ask(.pin(from: 1, to: 2, why: ""), 1, on: disk)
        let clock = StoreClock { .init(monotonic: .zero, utcNanoseconds: 9) }
        for number in 0..<240 {
            let id = [UInt8](repeating: 2, count: 6) + [UInt8(number & 0xFF), UInt8(number >> 8)]
            let entry = LogEntry.remark(RemarkEntry(author: "", text: "x", utc_ns: 1, id: id))
            _ = try StoreSpool.put(entry, utc_ns: 5, id: id, on: disk)
        }
        try RecordStore.takeUp(on: disk, clock: clock)
        return (disk.state, run.verifierKey)
    }

    @Test func `a flipped bit of the log is found`() throws {
        let (state, key) = try BitTests.store()
        #expect(try BitTests.findings(MemoryDisk(state), key) == [])
        let paths = state.names.keys.sorted().filter {
            !$0.hasPrefix("keys/") && !$0.hasPrefix("segments/") && $0 != StoreLayout.lock
        }
        #expect(["checkpoint", "edge", "state", "tile/0/000", "tile/entries/000", "vkey"].allSatisfy(paths.contains))
        #expect(paths.filter { $0.hasPrefix("checkpoints/") }.count >= 2)
        var changed = state
        var count = 0
        var bits = 0
        for path in paths {
            let file = try #require(state.names[path])
            for bit in 0..<8 * state.files[file].count {
                defer { bits += 1 }
                guard bits % BitTests.step == BitTests.first else { continue }
                changed.files[file][bit >> 3] ^= 1 << UInt8(bit & 7)
                let found = try BitTests.findings(MemoryDisk(changed), key)
                if found == [] { Issue.record("\(path): bit \(bit) was flipped, and nothing is found") }
                changed.files[file][bit >> 3] ^= 1 << UInt8(bit & 7)
                count += 1
            }
        }
        Soak.count("bits of logs", count)
    }

    @Test func `a flipped bit of the format's number is a change, not a newer format`() throws {
        let (state, key) = try BitTests.store()
        let file = try #require(state.names["tile/entries/000"])
        let bytes = state.files[file]
        let length = Int(bytes[0]) << 8 | Int(bytes[1])
        var newer: [Int] = []
        for bit in 16..<8 * (2 + length) {
            var entry = bytes[2..<2 + length]
            entry[bit >> 3] ^= 1 << UInt8(bit & 7)
            var empty = StoreState()
            do { _ = try empty.take(Array(entry)) } catch { if error.isNewer { newer.append(bit) } }
        }
        // Those of the number, and one of its tag that takes it away.
        #expect(newer.count == 9)
        for bit in newer {
            var changed = state
            changed.files[file][bit >> 3] ^= 1 << UInt8(bit & 7)
            #expect(try BitTests.findings(MemoryDisk(changed), key).first == "entry 0")
        }
    }

    /// One bit of each part at once: each is found at its place.
    @Test func `a flipped bit of a segment is found where it is`() throws {
        let run = try CutRun.begin()
        for _ in 0..<3 {
            for source in 0..<CutRun.sources { run.add(source, scans: 1) }
            try run.commit()
        }
        try run.stop()
        let next = try CutRun(on: run.disk)
        next.add(0, scans: 1)
        try next.commit()
        let state = run.disk.state
        #expect(try BitTests.findings(MemoryDisk(state), run.verifierKey) == [])
        let parts = try BitTests.parts(of: run.disk)
        let covered = parts.reduce(0) { $0 + $1.bytes.count }
        let bytes = state.names.filter { $0.key.hasPrefix("segments/") }.reduce(0) { $0 + state.files[$1.value].count }
        #expect(covered == bytes)
        let longest = parts.map { 8 * $0.bytes.count }.max() ?? 0
        var changed = state
        var count = 0
        for bit in stride(from: BitTests.first, to: longest, by: BitTests.step) {
            let targets = parts.filter { bit < 8 * $0.bytes.count }
            func flip() {
                for part in targets {
                    changed.files[state.names[part.path]!][part.bytes.lowerBound + bit >> 3] ^= 1 << UInt8(bit & 7)
                }
            }
            flip()
            let found = Set(try BitTests.findings(MemoryDisk(changed), run.verifierKey))
            for part in targets where !found.contains(part.place) {
                Issue.record("\(part.place): bit \(bit) was flipped, and it is not found")
            }
            if found.count != targets.count { Issue.record("bit \(bit): \(found.sorted())") }
            flip()
            count += targets.count
        }
        Soak.count("bits of segments", count)
    }
}
