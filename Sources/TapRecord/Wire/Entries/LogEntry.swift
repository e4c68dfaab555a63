/// One entry of the log.
enum LogEntry: Sendable, Hashable {
    case initial(InitEntry)
    case handOver(HandOverEntry)
    case start(StartEntry)
    case segment(SegmentEntry)
    case chunk(ChunkEntry)
    case seal(SealEntry)
    case drop(DropEntry)
    case stop(StopEntry)
    case cut(CutEntry)
    case remark(RemarkEntry)
    case pin(PinEntry)
    case unpin(UnpinEntry)
    case change(ChangeEntry)
    case outage(OutageEntry)
    case pause(PauseEntry)

    var isInitial: Bool {
        if case .initial = self { return true }
        return false
    }

    /// As record.proto calls it.
    var name: String {
        switch self {
        case .initial: "init"
        case .handOver: "hand_over"
        case .start: "start"
        case .segment: "segment"
        case .chunk: "chunk"
        case .seal: "seal"
        case .drop: "drop"
        case .stop: "stop"
        case .cut: "cut"
        case .remark: "remark"
        case .pin: "pin"
        case .unpin: "unpin"
        case .change: "change"
        case .outage: "outage"
        case .pause: "pause"
        }
    }
}

extension LogEntry: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        switch self {
        case .initial(let entry): writer.message(1, entry)
        case .handOver(let entry): writer.message(2, entry)
        case .start(let entry): writer.message(3, entry)
        case .segment(let entry): writer.message(4, entry)
        case .chunk(let entry): writer.message(5, entry)
        case .seal(let entry): writer.message(6, entry)
        case .drop(let entry): writer.message(7, entry)
        case .stop(let entry): writer.message(8, entry)
        case .cut(let entry): writer.message(9, entry)
        case .remark(let entry): writer.message(10, entry)
        case .pin(let entry): writer.message(11, entry)
        case .unpin(let entry): writer.message(12, entry)
        case .change(let entry): writer.message(13, entry)
        case .outage(let entry): writer.message(14, entry)
        case .pause(let entry): writer.message(15, entry)
        }
    }

    /// An entry of no kind that is known here is a problem; it may be of a newer format.
    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        var entry: LogEntry?
        while let field = try reader.next() {
            switch field {
            case 1: entry = .initial(try reader.message())
            case 2: entry = .handOver(try reader.message())
            case 3: entry = .start(try reader.message())
            case 4: entry = .segment(try reader.message())
            case 5: entry = .chunk(try reader.message())
            case 6: entry = .seal(try reader.message())
            case 7: entry = .drop(try reader.message())
            case 8: entry = .stop(try reader.message())
            case 9: entry = .cut(try reader.message())
            case 10: entry = .remark(try reader.message())
            case 11: entry = .pin(try reader.message())
            case 12: entry = .unpin(try reader.message())
            case 13: entry = .change(try reader.message())
            case 14: entry = .outage(try reader.message())
            case 15: entry = .pause(try reader.message())
            default: try reader.skip()
            }
        }
        guard let entry else { throw reader.problem("an entry of no kind that is known") }
        self = entry
    }
}
