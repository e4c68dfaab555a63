/// What stands at the head of every capture: who listened to what, with which clocks, and what cannot be known.
public struct SessionHeader: Sendable, Hashable {
    /// Of tap.
    public var version: String
    /// The weakest of the sources': one simulated line makes a session simulated.
    public var provenance: Provenance
    /// The board's name, or the scenario's.
    public var board: String
    /// The monotonic time at which the session began: what is shown relative is relative to this.
    public var origin: Timestamp
    /// Ties the origin to UTC; nil for a session without a date, as a simulated one whose scenario has none.
    public var fix: ClockFix?
    /// The kernel's release, as in uname; empty if unknown.
    public var kernel: String
    public var sources: [SourceInfo]
    /// The seed of simulated wires; nil: they are not simulated here.
    public var seed: UInt64?
    /// The shortest pulse that this platform was measured to resolve; nil: not measured.
    public var shortestPulse: Nanoseconds?
    /// What the board's file notes of itself and of what is captured.
    public var notes: [String]

    /// Names and other words of the sources are made fit for a message of one line: no output has to look at them.
    public init(
        version: String, board: String, origin: Timestamp, fix: ClockFix?, kernel: String, sources: [SourceInfo],
        seed: UInt64? = nil, shortestPulse: Nanoseconds? = nil, notes: [String] = []
    ) {
        self.version = version
        self.board = printable(board)
        self.origin = origin
        self.fix = fix
        self.kernel = printable(kernel)
        self.sources = sources.map(\.printed)
        self.seed = seed
        self.shortestPulse = shortestPulse
        self.notes = notes
        // From the strongest to the weakest evidence.
        let order: [Provenance] = [.hardware, .remote, .replayed, .emulatedKernel, .simulated]
        provenance = order.last { kind in sources.contains { $0.provenance == kind } } ?? .simulated
    }

    /// What the wires are, as "board simulator" or "scenario bounce, seed 1".
    public var wires: String { seed.map { "scenario \(board), seed \($0)" } ?? "board \(board)" }

    public var lines: [LineInfo] { sources.flatMap(\.lines) }
    public var devices: [DeviceInfo] { sources.flatMap(\.devices) }
    public var tags: [TagInfo] { sources.flatMap(\.tags) }

    /// The clock of the session's clock fixes: the machine's monotonic one; of a file that is replayed, the file's.
    public var clockOfFixes: ClockDomain {
        provenance == .replayed ? sources.first?.clock ?? ClockDomain(.file) : ClockDomain(.monotonic)
    }

    /// The clock of a line's, device's or tag's source; notes have that of clock fixes.
    public func clock(of subject: Gap.Subject) -> ClockDomain {
        if subject == .notes { return clockOfFixes }
        let source = sources.first { source in
            switch subject {
            case .line(let line): source.lines.contains { $0.id == line }
            case .device(let device): source.devices.contains { $0.id == device }
            case .tag(let tag): source.tags.contains { $0.id == tag }
            case .notes: false
            }
        }
        return source?.clock ?? ClockDomain(.monotonic)
    }

    /// Of a line, device, tag or the notes, as people call it.
    public func name(of subject: Gap.Subject) -> String {
        switch subject {
        case .line(let line): lines.first { $0.id == line }?.name ?? "line \(line.index)"
        case .device(let device): devices.first { $0.id == device }?.name ?? "device \(device.index)"
        case .tag(let tag): tags.first { $0.id == tag }?.title ?? "tag \(tag.index)"
        case .notes: "notes"
        }
    }
}
