import TapCore

/// What stands in a message Events: a record, or what the source says between two.
enum EventItem: Sendable, Hashable {
    case event(Event)
    case watermark(Timestamp)
    /// The source has ended.
    case end(Timestamp)
    /// Of a kind that is not known here.
    case other
}

extension EventItem: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        switch self {
        case .event(.level(let level)): writer.message(1, level)
        case .event(.gap(let gap)): writer.message(2, gap)
        case .event(.reread(let reread)): writer.message(3, reread)
        case .event(.claim(let claim)): writer.message(4, claim)
        case .event(.note(let note)): writer.message(5, note)
        case .event(.clockFix(let fix)): writer.message(6, fix)
        case .watermark(let time): writer.uint64(7, ifPresent: time.nanoseconds)
        case .end(let time): writer.uint64(8, ifPresent: time.nanoseconds)
        case .other: break
        }
        if case .event(let event) = self { writer.bool(9, event.isLate) }
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self = .other
        var isLate = false
        while let field = try reader.next() {
            switch field {
            case 1: self = .event(.level(try reader.message()))
            case 2: self = .event(.gap(try reader.message()))
            case 3: self = .event(.reread(try reader.message()))
            case 4: self = .event(.claim(try reader.message()))
            case 5: self = .event(.note(try reader.message()))
            case 6: self = .event(.clockFix(try reader.message()))
            case 7: self = .watermark(try reader.timestamp())
            case 8: self = .end(try reader.timestamp())
            case 9: isLate = try reader.bool()
            default: try reader.skip()
            }
        }
        if isLate, case .event(var event) = self {
            event.isLate = true
            self = .event(event)
        }
    }
}
