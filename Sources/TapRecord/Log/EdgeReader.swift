/// Reads the file `edge` as it was when it was opened, item by item.
struct EdgeReader: Sendable {
    struct Item: Sendable {
        var index: UInt64
        var leaf: Digest
        var entry: [UInt8]
    }

    /// Index of the first item.
    let first: UInt64
    /// Of each level from 1 on, the digests of its tile that is not full.
    let rows: [[Digest]]
    /// Of the next item.
    private(set) var index: UInt64
    /// Of the next item, in the file.
    private(set) var offset: UInt64
    private let file: any DiskFile
    /// Part of the file, from `windowOffset` on.
    private var window: [UInt8] = []
    private var windowOffset: UInt64 = 0

    /// Sums of it and of anything that a file can hold stay in 64 bits.
    private static let greatestFirst: UInt64 = 1 << 56
    private static let windowSize = 1 << 18

    init(on disk: any Disk) throws(LogProblem) {
        let header: [UInt8]
        do throws(DiskError) {
            file = try disk.openToRead(LogEdge.path)
            header = try file.read(at: 0, count: LogEdge.indexLength)
        } catch {
            throw LogProblem(error, in: LogEdge.path)
        }
        guard header.count == LogEdge.indexLength else {
            throw LogProblem(LogEdge.path, .size(UInt64(header.count), expected: UInt64(LogEdge.indexLength)))
        }
        first = header.reduce(0) { $0 << 8 | UInt64($1) }
        guard first.isMultiple(of: UInt64(Tile.width)), first <= EdgeReader.greatestFirst else {
            throw LogProblem(LogEdge.path, .misplaced(first))
        }
        index = first
        rows = try EdgeReader.rows(first, of: file)
        offset = UInt64(LogEdge.headLength(first))
    }

    private static func rows(_ first: UInt64, of file: any DiskFile) throws(LogProblem) -> [[Digest]] {
        let length = LogEdge.headLength(first)
        var rest: [UInt8]
        do throws(DiskError) {
            rest = try file.read(at: UInt64(LogEdge.indexLength), count: length - LogEdge.indexLength)
        } catch {
            throw LogProblem(error, in: LogEdge.path)
        }
        guard rest.count == length - LogEdge.indexLength else {
            let size = UInt64(LogEdge.indexLength + rest.count)
            throw LogProblem(LogEdge.path, .size(size, expected: UInt64(length)))
        }
        var digests = Tile.digests(rest)[...]
        return LogEdge.rowCounts(first).map { count in
            defer { digests = digests.dropFirst(count) }
            return Array(digests.prefix(count))
        }
    }

    /// The next item; nil: there is none that is whole, now.
    mutating func next() throws(LogProblem) -> Item? {
        guard try fill(LogEdge.itemHeaderLength) else { return nil }
        var start = Int(offset - windowOffset)
        let length = Int(window[start + Digest.byteCount]) << 8 | Int(window[start + Digest.byteCount + 1])
        guard try fill(LogEdge.itemHeaderLength + length) else { return nil }
        start = Int(offset - windowOffset)
        let begin = start + LogEdge.itemHeaderLength
        let entry = Array(window[begin..<begin + length])
        guard let leaf = Digest(window[start..<start + Digest.byteCount]), leaf == Digest.leaf(entry) else {
            // Perhaps it is being written.
            window = []
            return nil
        }
        let item = Item(index: index, leaf: leaf, entry: entry)
        index += 1
        offset += UInt64(LogEdge.itemHeaderLength + length)
        return item
    }

    /// - Returns: whether so many bytes from `offset` on are in the window.
    private mutating func fill(_ count: Int) throws(LogProblem) -> Bool {
        if offset >= windowOffset, offset + UInt64(count) <= windowOffset + UInt64(window.count) { return true }
        do throws(DiskError) { window = try file.read(at: offset, count: EdgeReader.windowSize) } catch {
            throw LogProblem(error, in: LogEdge.path)
        }
        windowOffset = offset
        return window.count >= count
    }

    /// Bytes behind the last item that `next` gave.
    func rest() throws(LogProblem) -> UInt64 {
        do throws(DiskError) {
            let size = try file.size()
            return size > offset ? size - offset : 0
        } catch {
            throw LogProblem(error, in: LogEdge.path)
        }
    }
}
