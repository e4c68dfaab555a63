import TapCore
import Testing

@testable import TapRecord

@Suite struct SegmentScanTests {
    @Test func `looking at a chunk whose nine bytes are missing writes nothing, and finishing it writes them`() throws {
        let sound = try SoundStore(seconds: 2)
        let found = try sound.entries().lazy.compactMap { bytes -> ChunkEntry? in
            if case .chunk(let entry) = try LogEntry(decoding: bytes) { entry } else { nil }
        }.first
        let chunk = try #require(found)
        let path = SegmentWriter.path(chunk.segment)
        let disk = MemoryDisk(sound.state)
        let whole = try #require(disk[path])
        let (begin, end) = (Int(chunk.offset), chunk.offset + chunk.length)
        var cut = whole
        cut.replaceSubrange(begin..<begin + 9, with: MCAP.recordHeader(.freeSpace, 1_000))
        disk[path] = cut
        let before = disk.operations
        let file = try disk.openToRead(path)
        let scan = try SegmentScan(file, upTo: end)
        #expect(disk.operations == before && disk[path] == cut)
        #expect(scan.unwritten.map(\.offset) == [chunk.offset])
        #expect(scan.chunks.last.map { $0.offset + $0.length } == end)
        try scan.finish(try disk.open(path, creating: false))
        #expect(disk[path] == whole)
    }
}
