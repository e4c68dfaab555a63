import TapCore

/// What the entries of a log say up to a hand-over, as the file `state` keeps it: a copy for the next start, which the
/// hand-over vouches for.
extension StoreState: ProtoMessage {
    static let path = "state"

    func encode(into writer: inout ProtoWriter) {
        writer.uint64(1, tree.size)
        for subtree in tree.subtrees { writer.bytes(2, subtree.bytes) }
        if let initial { writer.message(3, initial) }
        if let handOver { writer.message(4, handOver) }
        writer.uint64(5, handOverIndex)
        if let start { writer.message(6, start) }
        writer.bool(7, hasStopped)
        for number in open.keys.sorted() {
            if let segment = open[number] { writer.message(8, segment) }
        }
        writer.uint64(9, nextSegment)
        for (end, source) in zip(spanEnds, holdings.session.sources) {
            writer.message(10, StateOfSource(spanEnd: end, first: source.first))
        }
        for request in requests { writer.bytes(11, request) }
        writer.uint64(12, writtenBytes)
        if let pause { writer.message(13, pause) }
        holdings.encode(into: &writer)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init()
        var size: UInt64 = 0
        var subtrees: [Digest] = []
        var firsts: [Timestamp?] = []
        while let field = try reader.next() {
            switch field {
            case 1: size = try reader.uint64()
            case 2:
                guard let digest = Digest(try reader.array()) else {
                    throw reader.problem("a digest of another length")
                }
                subtrees.append(digest)
            case 3: initial = try reader.message()
            case 4: handOver = try reader.message()
            case 5: handOverIndex = try reader.uint64()
            case 6:
                let entry: StartEntry = try reader.message()
                start = entry
                holdings.take(.start(entry))
            case 7: hasStopped = try reader.uint64() != 0
            case 8:
                let segment: OpenSegment = try reader.message()
                open[segment.entry.number] = segment
            case 9: nextSegment = try reader.uint64()
            case 10:
                let source: StateOfSource = try reader.message()
                spanEnds.append(source.spanEnd)
                firsts.append(source.first)
            case 11: requests.append(try reader.array())
            case 12: writtenBytes = try reader.uint64()
            case 13: pause = try reader.message()
            default: try holdings.take(field, &reader)
            }
        }
        for (index, first) in firsts.enumerated() where index < holdings.session.sources.count {
            holdings.session.sources[index].first = first
        }
        guard let made = Tree(size: size, subtrees: subtrees) else { throw reader.problem("a tree of another size") }
        tree = made
    }

    /// The state that the last hand-over but for those of a cut vouches for, without the entries before it being read.
    ///
    /// - Parameter covered: entries that the checkpoint covers, among which the hand-over has to be.
    /// - Returns: nil: there is none, and the log has to be read from its beginning.
    static func saved(on disk: any Disk, _ reader: LogReader, covered: UInt64) -> StoreState? {
        guard let bytes = try? disk.contentsIfThere(path), let state = try? StoreState(decoding: bytes),
            state.tree.size < covered, state.initial != nil,
            let entry = try? reader.entry(at: state.tree.size),
            case .handOver(let handOver) = try? LogEntry(decoding: entry),
            handOver.size == state.tree.size, handOver.root == state.tree.root.bytes,
            handOver.stateSHA256 == Digest.of(bytes).bytes
        else { return nil }
        return state
    }
}

/// Of a source of the last session.
private struct StateOfSource: ProtoMessage {
    var spanEnd: UInt64?
    var first: Timestamp?

    init(spanEnd: UInt64?, first: Timestamp?) {
        self.spanEnd = spanEnd
        self.first = first
    }

    func encode(into writer: inout ProtoWriter) {
        writer.uint64(1, ifPresent: spanEnd)
        writer.uint64(2, ifPresent: first?.nanoseconds)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        while let field = try reader.next() {
            switch field {
            case 1: spanEnd = try reader.uint64()
            case 2: first = try reader.timestamp()
            default: try reader.skip()
            }
        }
    }
}

extension StoreState.OpenSegment: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.message(1, entry)
        writer.uint64(2, end)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init(entry: SegmentEntry(), end: 0)
        while let field = try reader.next() {
            switch field {
            case 1: entry = try reader.message()
            case 2: end = try reader.uint64()
            default: try reader.skip()
            }
        }
    }
}
