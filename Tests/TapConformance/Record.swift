public import TapCore

/// A record as a sink was given it.
public enum Record: Sendable, Hashable {
    case edge(Edge)
    case level(Level)
    case gap(Gap)
    case clockFix(ClockFix)
    case scans(ScanBlock, bytes: [UInt8])

    /// What merge orders by, in the source's clock domain.
    public var time: Timestamp {
        switch self {
        case .edge(let edge): edge.time
        case .level(let level): level.notAfter
        case .gap(let gap): gap.discovered
        case .clockFix(let fix): fix.monotonic
        case .scans(let block, _): block.firstTime
        }
    }

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
        case .level(let level):
            "\(at(level.notAfter)) line \(level.line.index) \(level.isHigh ? "high" : "low") \(level.reason)"
                + " since \(at(level.notBefore))"
        case .gap(let gap):
            "\(at(gap.discovered)) \(gap.subject) \(gap.kind) \(gap.count) from \(at(gap.from)) to \(at(gap.to))"
        case .clockFix(let fix): "\(at(fix.monotonic)) clock \(fix)"
        case .scans(let block, let bytes): "\(at(block.firstTime)) \(block) \(bytes)"
        }
    }
}

/// Keeps all records that it is given.
public struct Collector: RecordSink {
    public private(set) var recording = Recording()
    /// How often it was told that nothing follows.
    public private(set) var finishes = 0

    public init() {}

    public mutating func edge(_ edge: Edge) { recording.records.append(.edge(edge)) }
    public mutating func level(_ level: Level) { recording.records.append(.level(level)) }
    public mutating func gap(_ gap: Gap) { recording.records.append(.gap(gap)) }
    public mutating func clockFix(_ fix: ClockFix) { recording.records.append(.clockFix(fix)) }
    public mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        var bytes: [UInt8] = []
        for offset in 0..<raw.byteCount {
            bytes.append(unsafe raw.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
        }
        recording.records.append(.scans(block, bytes: bytes))
    }
    public mutating func finish(at now: Timestamp) throws(TapError) { finishes += 1 }
}

/// What was collected, with questions that tests ask.
public struct Recording: Sendable, Hashable {
    public var records: [Record] = []

    public init() {}

    public func edges(of line: Int) -> [Edge] {
        records.compactMap { if case .edge(let edge) = $0, edge.line.index == line { edge } else { nil } }
    }

    public func levels(of line: Int) -> [Level] {
        records.compactMap { if case .level(let level) = $0, level.line.index == line { level } else { nil } }
    }

    public var gaps: [Gap] { records.compactMap { if case .gap(let gap) = $0 { gap } else { nil } } }

    public func gaps(of line: Int) -> [Gap] { gaps.filter { $0.subject == .line(LineID(UInt16(line))) } }

    public func gaps(of line: Int, _ kind: Gap.Kind) -> [Gap] { gaps(of: line).filter { $0.kind == kind } }

    /// Of one line's losses, what is counted.
    public func told(of line: Int) -> Int { gaps(of: line).reduce(0) { $0 + Int($1.count.known) } }

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
