public import TapCore

/// From records to atoms: what lines and tags of a session say becomes what a `Watch` is given.
///
/// An atom that is the name of a line is true while the line is active; one that is a source and a tag, as `hmi.P1_RUN`, is
/// true while the tag is claimed to be. A line of which only one kind of edge is captured has no level to know. Everything is unknown until a record says it, and from a loss on until the next record does. Late
/// records change nothing. Not safe to use from two threads at once.
public struct SignalTable: RecordSink, ~Copyable {
    /// Atoms that no line or tag of the session is: unknown for ever, which is to be reported.
    public let unmatched: [String]
    public private(set) var watch: Watch
    /// The atom of each line and tag, by index; -1: no rule asks for it.
    private let lines: [Int]
    private let tags: [Int]
    /// Records that came after their watermark.
    public private(set) var late = 0

    public init(_ header: SessionHeader, _ watch: consuming Watch) {
        let atoms = watch.atoms
        lines = header.lines.map { $0.options.edges == .both ? atoms.firstIndex(of: $0.name) ?? -1 : -1 }
        tags = header.tags.map { atoms.firstIndex(of: "\($0.source).\($0.name)") ?? -1 }
        let known = Set(lines + tags)
        unmatched = atoms.indices.filter { !known.contains($0) }.map { atoms[$0] }
        self.watch = watch
    }

    public mutating func edge(_ edge: Edge) {
        if edge.flags.contains(.late) { return late &+= 1 }
        set(lines, Int(edge.line.index), Truth(edge.isRising), at: edge.time)
    }

    /// No atom is of a channel yet.
    public mutating func scans(_ block: ScanBlock, raw: RawSpan) {}

    public mutating func event(_ event: Event) {
        switch event {
        case .level(let level): set(lines, Int(level.line.index), Truth(level.isHigh), at: level.notAfter)
        case .claim(let claim): set(tags, Int(claim.tag.index), SignalTable.truth(of: claim), at: claim.time)
        case .gap(let gap): lose(gap)
        case .reread, .note, .clockFix: break
        }
    }

    /// Everything up to that instant is in.
    public mutating func close(upTo watermark: Timestamp) { watch.close(upTo: SignalTable.instant(watermark)) }

    private mutating func lose(_ gap: Gap) {
        switch gap.subject {
        case .line(let line): set(lines, Int(line.index), .unknown, at: gap.discovered)
        case .tag(let tag): set(tags, Int(tag.index), .unknown, at: gap.discovered)
        case .device, .notes: break
        }
    }

    private mutating func set(_ atoms: [Int], _ index: Int, _ truth: Truth, at time: Timestamp) {
        guard index < atoms.count, atoms[index] >= 0 else { return }
        watch.set(atoms[index], truth, at: SignalTable.instant(time))
    }

    /// A number is true unless it is 0, as tags of bits are often said; what is said to be bad is not known.
    private static func truth(of claim: Claim) -> Truth {
        if claim.quality == .bad { return .unknown }
        return switch claim.value {
        case .bool(let value): Truth(value)
        case .number(let number): number.isNaN ? .unknown : Truth(number != 0)
        case .text: .unknown
        }
    }

    /// Beyond 292 years time stands still.
    private static func instant(_ time: Timestamp) -> Int64 { Int64(clamping: time.nanoseconds) }
}
