import TapCore
import Testing

@testable import TapRecord

@Suite struct LogTests {
    private func entry(_ index: Int) -> [UInt8] {
        Array("entry \(index)".utf8) + [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: index % 7)
    }

    private func root(_ count: Int) -> Digest {
        var tree = Tree()
        for index in 0..<count { tree.append(Digest.leaf(entry(index))) }
        return tree.root
    }

    /// A log of so many entries, synced after each `step`.
    private func log(_ count: Int, step: Int = 100, on disk: MemoryDisk) throws -> LogWriter {
        var log = try LogWriter.create(on: disk)
        for index in 0..<count {
            #expect(try log.append(entry(index)) == UInt64(index))
            if (index + 1).isMultiple(of: step) { try log.sync() }
        }
        try log.sync()
        return log
    }

    private func entries(on disk: MemoryDisk) throws -> [[UInt8]] {
        var reader = try LogReader(on: disk)
        var entries: [[UInt8]] = []
        while let (index, entry) = try reader.next() {
            #expect(index == UInt64(entries.count))
            entries.append(entry)
        }
        return entries
    }

    private func problems(on disk: MemoryDisk) throws -> [LogProblem] {
        var verifier = try LogVerifier(on: disk)
        while try verifier.next() != nil {}
        try verifier.checkNames()
        return verifier.problems
    }

    @Test(arguments: [0, 1, 255, 256, 257, 511, 512, 1000])
    func `what is appended is read`(count: Int) throws {
        let disk = MemoryDisk()
        let log = try log(count, on: disk)
        #expect(log.size == UInt64(count))
        #expect(log.syncedSize == UInt64(count))
        #expect(log.root == root(count))
        #expect(try entries(on: disk) == (0..<count).map(entry))
        let reader = try LogReader(on: disk)
        for index in [0, 1, 254, 255, 256, 300, 511, 512, 999, 1000] {
            #expect(try reader.entry(at: UInt64(index)) == (index < count ? entry(index) : nil))
        }
        #expect(try reader.entry(at: .max) == nil)
        #expect(disk.paths.filter { $0.hasPrefix("tile/0/") }.count == count / 256)
        #expect(disk.paths.filter { $0.hasPrefix("tile/entries/") }.count == count / 256)
        #expect(try problems(on: disk) == [])

        let (opened, torn) = try LogWriter.open(on: disk)
        #expect(torn == 0)
        #expect(opened.size == log.size)
        #expect(opened.root == log.root)
    }

    @Test func `nothing is written before sync`() throws {
        let disk = MemoryDisk()
        var log = try LogWriter.create(on: disk)
        let count = disk.operations.count
        for index in 0..<600 { try log.append(entry(index)) }
        #expect(disk.operations.count == count)
        #expect(log.size == 600)
        #expect(log.syncedSize == 0)
        try log.sync()
        #expect(log.syncedSize == 600)
        #expect(try entries(on: disk.crashedKeepingSynced(after: disk.operations.count)).count == 600)
    }

    @Test func `a log is made once`() throws {
        let disk = MemoryDisk()
        _ = try log(3, on: disk)
        #expect(throws: DiskError("create", "edge", .exists)) { _ = try LogWriter.create(on: disk) }
        #expect(throws: LogProblem("edge", .missing)) { _ = try LogWriter.open(on: MemoryDisk()) }
        #expect(throws: LogProblem("edge", .missing)) { _ = try LogReader(on: MemoryDisk()) }
    }

    @Test func `entries have at most 65535 bytes`() throws {
        let disk = MemoryDisk()
        var log = try LogWriter.create(on: disk)
        let longest = [UInt8](repeating: 7, count: 65_535)
        #expect(try log.append([]) == 0)
        #expect(throws: LogProblem("edge", .longEntry(65_536), at: 1)) { try log.append(longest + [7]) }
        for _ in 0..<300 { try log.append(longest) }
        try log.sync()
        let read = try entries(on: disk)
        #expect(read.count == 301)
        #expect(read[0] == [])
        #expect(read[1...].allSatisfy { $0 == longest })
        #expect(try LogWriter.open(on: disk).log.root == log.root)
    }

    /// A cut at any byte of `edge` leaves the items before it.
    @Test func `every prefix of edge is recovered`() throws {
        let disk = MemoryDisk()
        _ = try log(12, on: disk)
        let edge = try #require(disk["edge"])
        var ends = [8]
        for index in 0..<12 { ends.append(ends[index] + 34 + entry(index).count) }
        #expect(ends.last == edge.count)
        for length in 8...edge.count {
            // No entry ends with a zero.
            for tail in [0, 1, 100] {
                let cut = MemoryDisk(disk.state)
                cut["edge"] = Array(edge[..<length]) + [UInt8](repeating: 0, count: tail)
                let count = (ends.lastIndex { $0 <= length } ?? 0)
                #expect(try entries(on: cut) == (0..<count).map(entry))
                var (log, torn) = try LogWriter.open(on: cut)
                #expect(log.size == UInt64(count))
                #expect(log.root == root(count))
                #expect(torn == UInt64(length + tail - ends[count]))
                #expect(cut["edge"] == Array(edge[..<ends[count]]))
                try log.append([1, 2, 3])
                try log.sync()
                #expect(try entries(on: cut) == (0..<count).map(entry) + [[1, 2, 3]])
            }
        }
        for length in 0..<8 {
            let cut = MemoryDisk()
            cut["edge"] = Array(edge[..<length])
            #expect(throws: LogProblem("edge", .size(UInt64(length), expected: 8))) { _ = try LogWriter.open(on: cut) }
        }
    }

    /// Every cut leaves the entries of a prefix, at least those that had been synced, and the log goes on.
    @Test(arguments: [(count: 800, step: 100, more: 10), (800, 700, 300), (300, 1, 10)])
    func `every cut leaves a log`(count: Int, step: Int, more: Int) throws {
        let disk = MemoryDisk()
        var log = try LogWriter.create(on: disk)
        let made = disk.operations.count
        var synced: [(operations: Int, size: Int)] = [(made, 0)]
        for index in 0..<count {
            try log.append(entry(index))
            guard (index + 1).isMultiple(of: step) || index == count - 1 else { continue }
            try log.sync()
            synced.append((disk.operations.count, index + 1))
        }
        // Of many small steps, those around the first bundle and some of the others.
        let total = disk.operations.count
        let bundle = try #require(
            disk.operations.firstIndex { if case .make(_, "tile/0/000.new") = $0 { true } else { false } })
        let around = bundle - 3...bundle + 25
        for cut in made...total where step > 1 || cut % 41 == 0 || around.contains(cut) {
            let least = synced.last { $0.operations <= cut }?.size ?? 0
            for left in [disk.crashed(after: cut), disk.crashedKeepingSynced(after: cut)] {
                let read = try entries(on: left)
                #expect(read.count >= least)
                #expect(read == (0..<read.count).map(entry))
                #expect(try problems(on: left) == [])
                var (log, _) = try LogWriter.open(on: left)
                #expect(log.size == UInt64(read.count))
                for index in read.count..<(read.count + more) { try log.append(entry(index)) }
                try log.sync()
                #expect(log.root == root(read.count + more))
                #expect(try entries(on: left).count == read.count + more)
                #expect(try problems(on: left) == [])
            }
        }
    }

    @Test func `a bundle that edge still holds counts once`() throws {
        let disk = MemoryDisk()
        var log = try log(250, on: disk)
        for index in 250..<530 { try log.append(entry(index)) }
        let before = disk.operations.count
        try log.sync()
        let renamed = disk.operations[before...].indices {
            $0 == .rename("tile/entries/001.new", to: "tile/entries/001")
        }
        let cut = try #require(renamed.ranges.first).lowerBound
        let left = disk.crashed(after: cut + 1)
        #expect(try entries(on: left) == (0..<530).map(entry))
        #expect(try problems(on: left) == [])
        #expect(Array(try #require(left["edge"])[..<8]) == [UInt8](repeating: 0, count: 8))
        // It must be the same.
        var bundle = try #require(left["tile/entries/001"])
        bundle[9] ^= 1
        let altered = MemoryDisk(left.state)
        altered["tile/entries/001"] = bundle
        #expect(try problems(on: altered) == [LogProblem("tile/entries/001", .differs, at: 256)])

        #expect(try LogWriter.open(on: left).log.root == log.root)
        #expect(Array(try #require(left["edge"])[..<8]) == [0, 0, 0, 0, 0, 0, 2, 0])
        #expect(try entries(on: left) == (0..<530).map(entry))
    }

    /// Errors at any call: nothing is lost, and the next sync makes it good.
    @Test func `errors are made good`() throws {
        for failing in 0..<60 {
            let disk = MemoryDisk()
            var log = try log(250, on: disk)
            for index in 250..<530 { try log.append(entry(index)) }
            disk.fail(after: failing)
            let failed = (try? log.sync()) == nil
            #expect(log.size == 530)
            if failed { #expect(log.syncedSize == 250 || log.syncedSize == 530) }
            #expect(try entries(on: disk).count >= 250)
            disk.fail(after: nil)
            try log.append(entry(530))
            try log.sync()
            #expect(log.root == root(531))
            let left = disk.crashedKeepingSynced(after: disk.operations.count)
            #expect(try entries(on: left) == (0..<531).map(entry))
            #expect(try problems(on: left) == [])
        }
    }

    @Test func `a reader follows a log that grows`() throws {
        let disk = MemoryDisk()
        var log = try log(3, on: disk)
        var reader = try LogReader(on: disk)
        var read = 0
        for size in 3..<900 {
            while let (_, entry) = try reader.next() {
                #expect(entry == self.entry(read))
                read += 1
            }
            #expect(read == size)
            try log.append(entry(size))
            try log.sync()
        }
        // One that stands still while `edge` is replaced more than once.
        var late = try LogReader(on: disk)
        _ = try late.next()
        for index in 900..<2000 { try log.append(entry(index)) }
        try log.sync()
        var count = 1
        while let (_, entry) = try late.next() {
            #expect(entry == self.entry(count))
            count += 1
        }
        #expect(count == 2000)
    }

    @Test func `a bit of any file is seen or changes the root`() throws {
        let disk = MemoryDisk()
        let log = try log(257, on: disk)
        for path in disk.paths {
            let bytes = try #require(disk[path])
            for bit in stride(from: 0, to: bytes.count * 8, by: path == "edge" ? 1 : 1009) {
                let altered = MemoryDisk(disk.state)
                var flipped = bytes
                flipped[bit / 8] ^= 1 << UInt8(bit % 8)
                altered[path] = flipped
                var verifier: LogVerifier
                do throws(LogProblem) { verifier = try LogVerifier(on: altered) } catch {
                    #expect(error.file == path)
                    continue
                }
                do throws(LogProblem) { while try verifier.next() != nil {} } catch { verifier.add(error) }
                let isSeen = verifier.problems.contains { $0.file == path || path.hasPrefix("tile/entries") }
                #expect(isSeen || (path == "edge" && verifier.tree.root != log.root), "\(path), bit \(bit)")
                if path.hasPrefix("tile/entries") { #expect(verifier.treeOfTiles.root == log.root) }
                if path.hasPrefix("tile/0") { #expect(verifier.tree.root == log.root) }
            }
        }
    }

    @Test func `the head of edge has the digests of tiles that are not full`() throws {
        let disk = MemoryDisk()
        let log = try log(700, on: disk)
        let edge = try #require(disk["edge"])
        #expect(edge[..<8] == [0, 0, 0, 0, 0, 0, 2, 0])
        let leaves = (0..<512).map { Digest.leaf(entry($0)) }
        let roots = [Tile.root(Array(leaves[..<256])), Tile.root(Array(leaves[256...]))]
        #expect(Array(edge[8..<72]) == Tile.bytes(roots))
        #expect(LogEdge.rowCounts(0) == [])
        #expect(LogEdge.rowCounts(65_536 + 3 * 256) == [3, 1])
        // A head that does not fit is found where its subtree begins, and recovery writes it anew.
        disk["edge"]?[8 + 32 + 5] ^= 1
        #expect(try problems(on: disk) == [LogProblem("edge", .differs, at: 256)])
        #expect(try LogWriter.open(on: disk).log.root == log.root)
        #expect(disk["edge"] == edge)
        disk["edge"] = Array(edge[..<70])
        #expect(throws: LogProblem("edge", .size(70, expected: 72))) { _ = try LogWriter.open(on: disk) }
    }

    @Test func `problems say where they are`() throws {
        let disk = MemoryDisk()
        let log = try log(700, on: disk)
        func after(_ change: (MemoryDisk) throws -> Void) throws -> [LogProblem] {
            let altered = MemoryDisk(disk.state)
            try change(altered)
            return try problems(on: altered)
        }
        #expect(try after { $0["tile/0/001"] = nil } == [LogProblem("tile/0/001", .missing)])
        #expect(
            try after { $0["tile/0/001"] = [1, 2] } == [LogProblem("tile/0/001", .size(2, expected: 8192))])
        #expect(try after { $0["tile/entries/000"] = nil } == [LogProblem("tile/entries/000", .missing, at: 0)])
        #expect(try after { $0["tile/entries/001"]?[0] ^= 1 } == [LogProblem("tile/entries/001", .malformed, at: 256)])
        #expect(try after { $0["tile/0/001"]?[32 * 7] ^= 1 } == [LogProblem("tile/0/001", .differs, at: 256 + 7)])
        #expect(
            try after { $0["tile/0/002"] = $0["tile/0/001"] }
                == [LogProblem("tile/0/002", .differs)].map { problem in
                    LogProblem(problem.file, .unexpected)
                })
        for path in ["tile/0/x000/001", "tile/entries/1", "tile/7/000", "tile/00/000", "tile/1/000", "tile/0/x001"] {
            let found = try after { $0[path] = [1] }
            #expect(
                found.count == 1 && found[0].what == .unexpected && path.hasPrefix(found[0].file), "\(path) \(found)")
        }
        #expect(try after { $0["tile/0/002.new"] = [1] } == [])

        let short = MemoryDisk(disk.state)
        short["tile/entries/001"] = nil
        #expect(throws: LogProblem("tile/entries/001", .missing, at: 256)) { _ = try LogWriter.open(on: short) }
        short["tile/entries/001"] = disk["tile/entries/001"]
        short["tile/0/000"] = [1]
        #expect(throws: LogProblem("tile/0/000", .size(1, expected: 8192))) { _ = try LogWriter.open(on: short) }
        short["edge"]?[7] = 1
        #expect(throws: LogProblem("edge", .misplaced(513))) { _ = try LogWriter.open(on: short) }

        // Entries go on behind a bundle that cannot be read.
        let missing = MemoryDisk(disk.state)
        missing["tile/entries/000"] = nil
        var verifier = try LogVerifier(on: missing)
        #expect(try verifier.next()?.index == 256)
        while try verifier.next() != nil {}
        #expect(verifier.tree.root == log.root)
    }

    @Test func `a tile of the next level stands for 65536 entries`() throws {
        let disk = MemoryDisk()
        var log = try log(70_000, step: 9000, on: disk)
        #expect(log.root == root(70_000))
        #expect(disk.paths.contains("tile/1/000"))
        #expect(!disk.paths.contains("tile/1/001"))
        #expect(disk.paths.contains("tile/0/272"))
        #expect(try problems(on: disk) == [])
        #expect(try entries(on: disk) == (0..<70_000).map(entry))
        let opened = try LogWriter.open(on: disk)
        #expect(opened.log.root == log.root)
        log = opened.log
        for index in 70_000..<70_100 { try log.append(entry(index)) }
        try log.sync()
        #expect(log.root == root(70_100))
        #expect(try LogReader(on: disk).entry(at: 70_050) == entry(70_050))

        disk["tile/1/000"]?[32 * 3 + 1] ^= 1
        #expect(try problems(on: disk) == [LogProblem("tile/1/000", .differs, at: 3 * 256)])
    }

    @Test func `the real file system keeps a log`() throws {
        let directory = "/tmp/tap-log-test-\(UInt64.random(in: .min ... .max))"
        let disk = SystemDisk(directory)
        defer { removeAll(directory) }
        try SystemDisk("/tmp").makeDirectory(String(directory.dropFirst(5)))
        var log = try LogWriter.create(on: disk)
        for index in 0..<1000 { try log.append(entry(index)) }
        try log.sync()
        let (opened, torn) = try LogWriter.open(on: disk)
        #expect(torn == 0)
        #expect(opened.root == root(1000))
        var verifier = try LogVerifier(on: disk)
        while try verifier.next() != nil {}
        try verifier.checkNames()
        #expect(verifier.problems == [])
        #expect(verifier.tree.root == log.root)
    }

    private func removeAll(_ directory: String) {
        let disk = SystemDisk(directory)
        for place in ["tile/0", "tile/entries", ""] {
            for name in (try? disk.names(in: place)) ?? [] {
                try? disk.remove(place.isEmpty ? name : "\(place)/\(name)")
            }
        }
    }
}
