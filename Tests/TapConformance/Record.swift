public import TapCore

extension Record {
    /// One line of text, with times counted from `start`: equal exactly where the records are.
    public func text(from start: Timestamp, to unit: Nanoseconds = Nanoseconds(1)) -> String {
        func at(_ time: Timestamp) -> String {
            if time == .distantFuture { return "end" }
            return "\(((time - start).count + unit.count / 2) / unit.count * unit.count)"
        }
        return switch self {
        case .edge(let edge):
            "\(at(edge.time)) line \(edge.line.index) \(edge.isRising ? "rising" : "falling") #\(edge.sequence)"
                + " flags \(edge.flags.rawValue)"
        case .event(.level(let level)):
            "\(at(level.notAfter)) line \(level.line.index) \(level.isHigh ? "high" : "low") \(level.reason)"
                + " since \(at(level.notBefore))"
        case .event(.gap(let gap)):
            "\(at(gap.discovered)) \(gap.subject) \(gap.kind) \(gap.count) from \(at(gap.from)) to \(at(gap.to))"
        case .event(.reread(let reread)):
            "\(at(reread.time)) line \(reread.line.index) read again \(reread.agreed), \(reread.failed) failed,"
                + " from \(at(reread.from)) to \(at(reread.to))"
        case .event(.claim(let claim)): "\(at(claim.time)) tag \(claim.tag.index) \(claim.value) \(claim.quality)"
        case .event(.note(let note)): "\(at(note.time)) note of \(note.author): \(note.text)"
        case .event(.clockFix(let fix)): "\(at(fix.monotonic)) clock \(fix)"
        case .scans(let block, let bytes): "\(at(block.firstTime)) \(block) \(bytes)"
        }
    }
}

extension RecordCollector {
    public var recording: Recording { Recording(records) }
}

/// What was collected, with questions that tests ask.
public struct Recording: Sendable, Hashable {
    public var records: [Record]

    public init(_ records: [Record] = []) { self.records = records }

    public func edges(of line: Int) -> [Edge] {
        records.compactMap { if case .edge(let edge) = $0, edge.line.index == line { edge } else { nil } }
    }

    public func levels(of line: Int) -> [Level] {
        records.compactMap { if case .event(.level(let level)) = $0, level.line.index == line { level } else { nil } }
    }

    public func rereads(of line: Int) -> [Reread] {
        records.compactMap {
            if case .event(.reread(let reread)) = $0, reread.line.index == line { reread } else { nil }
        }
    }

    public func claims(of tag: Int) -> [Claim] {
        records.compactMap { if case .event(.claim(let claim)) = $0, claim.tag.index == tag { claim } else { nil } }
    }

    public var gaps: [Gap] { records.compactMap { if case .event(.gap(let gap)) = $0 { gap } else { nil } } }

    public func gaps(of line: Int) -> [Gap] { gaps.filter { $0.subject == .line(LineID(UInt16(line))) } }

    public func gaps(of line: Int, _ kind: Gap.Kind) -> [Gap] { gaps(of: line).filter { $0.kind == kind } }

    /// Of one line's losses, what is counted.
    public func reported(of line: Int) -> Int { gaps(of: line).reduce(0) { $0 + Int($1.count.known) } }

    /// - Parameter unit: to which times are rounded.
    public func text(from start: Timestamp, to unit: Nanoseconds = Nanoseconds(1)) -> [String] {
        records.map { $0.text(from: start, to: unit) }
    }

    /// Of the text: FNV-1a, 64 bits, hexadecimal.
    public func hash(from start: Timestamp, to unit: Nanoseconds = Nanoseconds(1)) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for line in text(from: start, to: unit) {
            for byte in line.utf8 + [10] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        return String(hash, radix: 16)
    }
}
