/// Reads the entries of a log in their order, also of one to which another process appends meanwhile. It holds one bundle
/// and 256 KiB. Blocks as long as the medium does; one thread at a time.
public struct LogReader: Sendable {
    private let disk: any Disk
    private var edge: EdgeReader
    private var bundle: Bundle?
    /// Of the entry that `next` gives next.
    public private(set) var index: UInt64 = 0

    public init(on disk: any Disk) throws(LogProblem) {
        self.disk = disk
        edge = try EdgeReader(on: disk)
    }

    /// The next entry; nil: the log ends here, for now. After an error `next` begins at the same entry again.
    public mutating func next() throws(LogProblem) -> (index: UInt64, entry: [UInt8])? {
        if let entry = try nextAsOpened() { return entry }
        // `edge` may have been replaced.
        edge = try EdgeReader(on: disk)
        return try nextAsOpened()
    }

    private mutating func nextAsOpened() throws(LogProblem) -> (index: UInt64, entry: [UInt8])? {
        // After `seek`: back to its first item.
        if index >= edge.first, index < edge.index { edge = try EdgeReader(on: disk) }
        if index < edge.first {
            let number = index / UInt64(Tile.width)
            if bundle?.number != number { bundle = try Bundle(number, on: disk) }
            guard let entry = bundle?.entry(index) else { return nil }
            index += 1
            return (index - 1, entry)
        }
        while let item = try edge.next() {
            guard item.index == index else { continue }
            bundle = nil
            index += 1
            return (item.index, item.entry)
        }
        return nil
    }

    /// `next` gives the entry of this index next, if there is one.
    public mutating func seek(to index: UInt64) { self.index = index }

    /// nil: there is no such entry, for now.
    public func entry(at index: UInt64) throws(LogProblem) -> [UInt8]? {
        var reader = self
        reader.seek(to: index)
        return try reader.next()?.entry
    }

    /// Whether the entry that `next` gave is in a bundle, as far as is known, and so all tiles that it completes are there.
    var isInBundle: Bool { index <= edge.first }

    /// The head of `edge`, as far as is known.
    var head: (first: UInt64, rows: [[Digest]]) { (edge.first, edge.rows) }

    /// Bytes of `edge` behind the last entry, where `next` gave nil: of an item that was not completely written.
    public func bytesBehind() throws(LogProblem) -> UInt64 { try edge.rest() }
}
