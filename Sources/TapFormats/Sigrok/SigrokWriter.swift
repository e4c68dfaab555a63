public import TapCore

/// Writes sigrok session files (.sr), version 2: docs/formats/sigrok.md.
///
/// A .sr file is samples of one rate, so edges go to the nearest sample; what that loses is in `remarks`. Runs of
/// equal samples are kept in files without a name and become the archive at the end: memory is bounded.
public struct SigrokWriter: RecordSink {
    let header: SessionHeader
    private let path: String
    /// For messages.
    let name: String
    /// Asked while the archive is written; true ends it with an error.
    public var isInterrupted: () -> Bool = { false }
    /// Called while the archive is written, with the share that is done and the bytes of all samples.
    public var onPacking: ((Double, UInt64) -> Void)?
    let time: SampleTime
    private let unit: Int
    let directory: String
    private var logic: LogicSamples
    /// Channels of all devices, in order.
    private var analog: [AnalogSamples] = []
    /// Of each device: the first of its channels in `analog`.
    private var firstChannel: [Int] = []
    private(set) var end: UInt64 = 0
    private var late: UInt64 = 0
    private var gaps: UInt64 = 0
    private var claims: UInt64 = 0

    static let mostChannels = 128

    /// - Parameters:
    ///   - path: written at the end, replaced if it is there.
    ///   - name: for messages; nil: the path.
    ///   - rate_hz: of the samples, 1 to 1e9.
    public init(
        _ header: SessionHeader, to path: String, name: String? = nil, rate_hz: UInt64
    ) throws(TapError) {
        self.header = header
        self.path = path
        self.name = name ?? path
        time = SampleTime(rate_hz: rate_hz)
        try SigrokWriter.check(header, name: self.name)
        unit = SigrokWriter.unit(header)
        directory = SigrokWriter.directory(path)
        logic = LogicSamples(try RunSpool(in: directory), lines: header.lines.count)
        for device in header.devices {
            firstChannel.append(analog.count)
            for sample in device.samples {
                analog.append(AnalogSamples(try RunSpool(in: directory), name: device.fileName(of: sample)))
            }
        }
    }

    /// The sample of a time, counted from the session's beginning.
    private func sample(at stamp: Timestamp, of subject: Gap.Subject) -> (sample: UInt64, offTime: UInt64) {
        let mapped = stamp + header.clock(of: subject).offsetToMonotonic
        let nanoseconds = UInt64(max(0, (mapped - header.origin).count))
        let sample = time.sample(at: nanoseconds)
        let exact = time.time(of: sample) ?? .max
        return (sample, exact > nanoseconds ? exact - nanoseconds : nanoseconds - exact)
    }

    public mutating func edge(_ edge: Edge) {
        let (sample, off) = sample(at: edge.time, of: .line(edge.line))
        if edge.flags.contains(.late) { late += 1 }
        logic.change(Int(edge.line.index), to: edge.isRising, at: sample, off: off)
        end = max(end, sample + 1)
    }

    public mutating func event(_ event: Event) {
        switch event {
        case .level(let level): self.level(level)
        case .gap: gaps += 1
        case .claim: claims += 1
        default: break
        }
    }

    private mutating func level(_ level: Level) {
        let (sample, _) = sample(at: level.notAfter, of: .line(level.line))
        logic.set(Int(level.line.index), to: level.isHigh, at: sample)
        end = max(end, sample + 1)
    }

    public mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        guard let place = header.devices.firstIndex(where: { $0.id == block.device }) else { return }
        let channels = header.devices[place].samples
        for scan in 0..<block.count {
            let (sample, off) = sample(at: block.firstTime + block.period * Int64(scan), of: .device(block.device))
            for (index, channel) in channels.enumerated() {
                let value = channel.value(in: block, scan: scan, raw: raw)
                analog[firstChannel[place] + index].take(value, at: sample, off: off)
            }
            end = max(end, sample + 1)
        }
    }

    public mutating func captureEnded(at end: Timestamp) {
        let nanoseconds = UInt64(max(0, (end + header.clockOfFixes.offsetToMonotonic - header.origin).count))
        self.end = max(self.end, time.sample(at: nanoseconds))
    }

    public mutating func batchEnded(at now: Timestamp) throws(TapError) {
        if let failure = logic.spool.failure { throw failure }
        for channel in analog { if let failure = channel.spool.failure { throw failure } }
    }

    /// Writes the file.
    public mutating func finish(at now: Timestamp) throws(TapError) {
        try logic.finish(at: end)
        for index in analog.indices { try analog[index].finish(at: end) }
        let bytes = logic.spool.samples * UInt64(unit) + analog.reduce(0) { $0 + $1.spool.samples * 4 }
        try SigrokWriter.needRoom(bytes, rate_hz: time.rate_hz, in: directory, name: name)
        let packing = Packing(bytes: bytes, isInterrupted: isInterrupted, onProgress: onPacking)
        packing.begin()
        var archive = try ZipWriter(path, name: name, packing)
        try archive.add("version", text: "2")
        try archive.add("metadata", text: metadata)
        if !header.lines.isEmpty { try archive.add("logic-1-1", logic.spool, unit: unit) }
        for (index, channel) in analog.enumerated() {
            try archive.add("analog-1-\(header.lines.count + index + 1)-1", channel.spool, unit: 4)
        }
        try archive.close()
    }

    /// Bytes in the files without a name.
    var spooled: UInt64 { logic.spool.bytes + analog.reduce(0) { $0 + $1.spool.bytes } }

    private var metadata: String {
        var text = "[global]\nsigrok version=0.5.2\n\n[device 1]\n"
        if !header.lines.isEmpty { text += "capturefile=logic-1\n" }
        text += "total probes=\(header.lines.count)\nsamplerate=\(SampleRate.text(hertz: time.rate_hz))\n"
        text += "total analog=\(analog.count)\n"
        for (index, line) in header.lines.enumerated() { text += "probe\(index + 1)=\(line.name)\n" }
        for (index, channel) in analog.enumerated() {
            text += "analog\(header.lines.count + index + 1)=\(channel.name)\n"
        }
        return text + (header.lines.isEmpty ? "" : "unitsize=\(unit)\n")
    }

    /// What this format could not hold, a sentence each.
    public var remarks: [String] {
        var remarks: [String] = []
        func remark(_ count: UInt64, _ what: String, _ more: String = "") {
            if count > 0 { remarks.append("\(what): \(count)\(more)") }
        }
        remark(
            logic.vanished, "edges lost, in the same sample as another of their line", "; a higher --rate keeps them")
        let furthest = max(logic.furthest, analog.map(\.furthest).max() ?? 0)
        remark(
            logic.moved + analog.reduce(0) { $0 + $1.moved }, "times moved to the nearest sample",
            ", by at most \(furthest) ns")
        remark(analog.reduce(0) { $0 + $1.held }, "samples repeated up to the rate of the file")
        remark(max(late, logic.backwards), "late records, written where they arrived")
        remark(gaps, "losses that .sr cannot hold")
        remark(claims, "claims that .sr cannot hold")
        return remarks
    }
}

/// All lines together, sample by sample.
private struct LogicSamples {
    let spool: RunSpool
    private var value: UInt64 = 0
    private var sample: UInt64 = 0
    private var changedAt: [UInt64?]
    private(set) var moved: UInt64 = 0
    private(set) var furthest: UInt64 = 0
    private(set) var vanished: UInt64 = 0
    private(set) var backwards: UInt64 = 0

    init(_ spool: RunSpool, lines: Int) {
        self.spool = spool
        changedAt = Array(repeating: nil, count: lines)
    }

    mutating func change(_ line: Int, to isHigh: Bool, at sample: UInt64, off: UInt64) {
        if off > 0 {
            moved += 1
            furthest = max(furthest, off)
        }
        go(to: sample)
        if changedAt[line] == self.sample { vanished += 1 }
        changedAt[line] = self.sample
        put(line, isHigh)
    }

    mutating func set(_ line: Int, to isHigh: Bool, at sample: UInt64) {
        go(to: sample)
        put(line, isHigh)
    }

    private mutating func put(_ line: Int, _ isHigh: Bool) {
        if isHigh { value |= 1 << UInt64(line) } else { value &= ~(1 << UInt64(line)) }
    }

    private mutating func go(to sample: UInt64) {
        guard sample >= self.sample else {
            backwards += 1
            return
        }
        spool.append(value, count: sample - self.sample)
        self.sample = sample
    }

    mutating func finish(at end: UInt64) throws(TapError) {
        if end > sample { go(to: end) }
        try spool.finish()
    }
}

/// One channel: each value holds until the next.
private struct AnalogSamples {
    let spool: RunSpool
    let name: String
    private var value = Float.nan
    private var sample: UInt64 = 0
    private(set) var moved: UInt64 = 0
    private(set) var furthest: UInt64 = 0
    /// Samples that repeat one.
    private(set) var held: UInt64 = 0
    private var scans: UInt64 = 0

    init(_ spool: RunSpool, name: String) {
        self.spool = spool
        self.name = name
    }

    mutating func take(_ value: Double, at sample: UInt64, off: UInt64) {
        if off > 0 {
            moved += 1
            furthest = max(furthest, off)
        }
        go(to: sample)
        scans += 1
        self.value = Float(value)
    }

    private mutating func go(to sample: UInt64) {
        guard sample > self.sample else { return }
        spool.append(UInt64(value.bitPattern), count: sample - self.sample)
        held += sample - self.sample - 1
        self.sample = sample
    }

    mutating func finish(at end: UInt64) throws(TapError) {
        go(to: end)
        try spool.finish()
    }
}
