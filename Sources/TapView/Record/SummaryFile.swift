import Glibc
import Synchronization
import TapCore
import TapRecord

/// A file of summaries: docs/formats/summaries.md. It names what it was made from.
struct SummaryFile: Sendable {
    /// What it was made from, as it stands at its begin.
    let head: String
    private let disk: SystemDisk
    let name: String

    private static let tail = Array("tapsums\n".utf8)
    private static let tailBytes = 32
    private static let mostPages: UInt64 = 1 << 28

    init(_ index: StoreIndex, _ layout: WindowLayout, in folder: String) {
        let lanes = Digest.of(Array(layout.meaning.utf8)).hex
        head = """
            tap summaries 1
            not evidence: what is missing or doubted is made anew from the record
            origin \(index.origin)
            entries \(index.entries)
            root \(index.root)
            dropped \(index.droppedSegments)
            lanes \(lanes)


            """
        name = Digest.of(Array("\(index.origin)\n\(lanes)".utf8)).hex.prefix(16) + ".tapsum"
        disk = SystemDisk(folder)
    }

    var path: String { "\(disk.root)/\(name)" }
    private var partName: String { "\(name).\(getpid()).new" }

    /// Lanes of summaries that were made from the same; nil: there are none, or not such as were written.
    func lanes(_ count: Int) -> SummaryLanes? {
        guard let file = try? disk.openToRead(name), let size = try? file.size(),
            size >= UInt64(head.utf8.count + SummaryFile.tailBytes),
            (try? file.read(at: 0, count: head.utf8.count)) == Array(head.utf8),
            let tail = try? file.read(at: size - UInt64(SummaryFile.tailBytes), count: SummaryFile.tailBytes),
            Array(tail[24...]) == SummaryFile.tail
        else { return nil }
        let (begin, length) = (tail.word(at: 0), tail.word(at: 8))
        guard begin <= size, length == size - UInt64(SummaryFile.tailBytes) &- begin,
            let bytes = try? file.read(at: begin, count: Int(length)), bytes.count == Int(length),
            UInt64(CRC32.of(bytes)) == tail.word(at: 16)
        else { return nil }
        var lanes = SummaryLanes(lanes: count, on: file, from: begin)
        var place = 0
        for lane in 0..<count {
            for level in 0..<LaneCascade.levels {
                guard place + 8 <= bytes.count, bytes.word(at: place) < SummaryFile.mostPages else { return nil }
                let pages = Int(bytes.word(at: place))
                place += 8
                guard place + pages * SummaryPage.bytes <= bytes.count else { return nil }
                for _ in 0..<pages {
                    let page = SummaryPage(bytes, at: place)
                    guard (try? page.cells(from: file)) != nil else { return nil }
                    lanes.lanes[lane].levels[level].pages.append(page)
                    place += SummaryPage.bytes
                }
            }
        }
        return place == bytes.count ? lanes : nil
    }

    /// Lanes to be filled; they are in memory alone where no file can be made.
    func begin(_ count: Int) -> SummaryLanes {
        removeLeft()
        let start = Array(head.utf8)
        do throws(DiskError) {
            try disk.makeRoot()
            let file = try disk.open(partName, creating: true)
            try file.write(start, at: 0)
            return SummaryLanes(lanes: count, on: file, from: UInt64(start.count))
        } catch { return SummaryLanes(lanes: count, on: MemoryFile(start), from: UInt64(start.count)) }
    }

    /// Puts whole ones in place.
    ///
    /// - Returns: false: they stay in memory, or in a file that goes with this process.
    func commit(_ lanes: SummaryLanes) -> Bool {
        guard lanes.failure == nil, !(lanes.file is MemoryFile) else {
            discard()
            return false
        }
        var bytes: [UInt8] = []
        for lane in lanes.lanes {
            for level in lane.levels {
                bytes.append(UInt64(level.pages.count))
                for page in level.pages { page.append(to: &bytes) }
            }
        }
        let (length, sum) = (UInt64(bytes.count), UInt64(CRC32.of(bytes)))
        for word in [lanes.end, length, sum] { bytes.append(word) }
        do throws(DiskError) {
            try lanes.file.write(bytes + SummaryFile.tail, at: lanes.end)
            try lanes.file.sync()
            try disk.rename(partName, to: name)
            return true
        } catch {
            discard()
            return false
        }
    }

    /// What is open stays readable until it is closed.
    func discard() { try? disk.remove(partName) }

    /// Parts that a process left which was killed.
    private func removeLeft() {
        guard let names = try? disk.names(in: "") else { return }
        for left in names where left.hasPrefix(name + ".") && left.hasSuffix(".new") {
            let number = left.dropFirst(name.utf8.count + 1).dropLast(4)
            guard let process = pid_t(number), process == getpid() || kill(process, 0) != 0 else { continue }
            try? disk.remove(left)
        }
    }
}

/// A file that is memory.
final class MemoryFile: DiskFile {
    private let bytes: Mutex<[UInt8]>

    init(_ bytes: [UInt8]) { self.bytes = Mutex(bytes) }

    func size() throws(DiskError) -> UInt64 { bytes.withLock { UInt64($0.count) } }

    func write(_ new: [UInt8], at offset: UInt64) throws(DiskError) {
        bytes.withLock { bytes in
            let place = Int(offset)
            if bytes.count < place + new.count {
                bytes.append(contentsOf: repeatElement(0, count: place + new.count - bytes.count))
            }
            bytes.replaceSubrange(place..<place + new.count, with: new)
        }
    }

    func read(at offset: UInt64, count: Int) throws(DiskError) -> [UInt8] {
        bytes.withLock { bytes in
            let place = min(Int(clamping: offset), bytes.count)
            return Array(bytes[place..<min(bytes.count, place + count)])
        }
    }

    func sync() throws(DiskError) {}

    func resize(to size: UInt64) throws(DiskError) {
        bytes.withLock { bytes in bytes = Array(bytes.prefix(Int(size))) }
    }
}

extension WindowLayout {
    /// Everything on which the values of lanes depend.
    fileprivate var meaning: String { "\(lanes)\n\(lines)\n\(channels)\n\(tags)" }
}
