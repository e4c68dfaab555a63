public import TapCore

/// Reads sigrok session files (.sr), version 1 and 2: docs/formats/sigrok.md.
///
/// A sample that is as the one before is passed over 64 bytes at a time; what changed becomes edges.
public struct SigrokReader: ~Copyable, CaptureReader {
    public let header: SessionHeader
    public var sampleRate_hz: UInt64? { time.rate_hz }
    public private(set) var end: Timestamp?
    public let remarks: [String]

    private let time: SampleTime
    private var logic: SigrokStream?
    private var analog: [SigrokStream]
    private var archive: ZipArchive
    private let unit: Int
    private let mask: UInt64
    /// By bit of a sample.
    private let lineOfBit: [LineID]

    /// Of the present block: the number of its first sample, and how many it has of either kind.
    private var base: UInt64 = 0
    private var logicCount = 0
    private var analogCount = 0
    private var position = 0
    private var isFirst = true

    private var value: UInt64 = 0
    private var sequences: [UInt32]
    private var scan: [UInt8] = []

    public init(_ path: String, _ options: ReadOptions = ReadOptions()) throws(TapError) {
        var archive = try ZipArchive(path)
        let entries = try archive.entries()
        let metadata = try SigrokReader.metadata(&archive, entries, options.rate_hz)
        let unit = metadata.unitSize
        let samples = metadata.analog.isEmpty ? (1 << 20) / unit : max(64, (1 << 18) / metadata.analog.count)
        var logic: SigrokStream?
        if let name = metadata.logicFile, !metadata.probes.isEmpty {
            logic = try SigrokStream(entries, name, path, samples: samples, bytesPerSample: unit)
        }
        var analog: [SigrokStream] = []
        for channel in metadata.analog {
            analog.append(
                try SigrokStream(entries, "analog-1-\(channel.number)", path, samples: samples, bytesPerSample: 4))
        }
        self.init(path, archive, metadata, logic, analog)
    }

    private init(
        _ path: String, _ archive: consuming ZipArchive, _ metadata: SigrokMetadata, _ logic: SigrokStream?,
        _ analog: [SigrokStream]
    ) {
        var names = UniqueNames()
        var lineOfBit = [LineID](repeating: LineID(0), count: 64)
        var lines: [LineInfo] = []
        for (index, probe) in metadata.probes.enumerated() {
            let id = LineID(UInt16(index))
            lineOfBit[probe.bit] = id
            lines.append(LineInfo(id: id, name: names.take(probe.name, or: "D\(probe.bit)"), offset: probe.bit))
        }
        var table = DeviceTable()
        for (index, channel) in metadata.analog.enumerated() {
            table.add(
                names.take(channel.name, or: "A\(index)"), unit: "", format: .float(bits: 32),
                rate_hz: Double(metadata.sampleRate_hz))
        }
        time = SampleTime(rate_hz: metadata.sampleRate_hz)
        header = .replayed(
            file: fileName(path), name: fileName(path), lines: lines, devices: table.devices,
            limits: time.period > 0 ? [] : ["samples lie between whole nanoseconds: times are rounded to the nearest"])
        remarks = names.remarks
        places = table.places
        self.lineOfBit = lineOfBit
        unit = metadata.unitSize
        self.logic = logic
        self.analog = analog
        self.archive = archive
        mask = metadata.probes.reduce(0) { $0 | 1 << UInt64($1.bit) }
        sequences = Array(repeating: 0, count: lines.count)
    }

    /// Of the analog channels in the file's order.
    private let places: [(device: Int, channel: Int)]

    private static func metadata(
        _ archive: inout ZipArchive, _ entries: [ZipArchive.Entry], _ rate_hz: UInt64?
    ) throws(TapError) -> SigrokMetadata {
        let path = printable(archive.path)
        guard let version = entries.first(where: { $0.name == "version" }),
            let metadata = entries.first(where: { $0.name == "metadata" })
        else {
            throw TapError(
                .configuration, path, "is a ZIP archive without the entries 'version' and 'metadata' of a .sr file",
                remedy: "use another file")
        }
        let number = String(decoding: try archive.contents(of: version, atMost: 64), as: UTF8.self).trimmed
        guard number == "1" || number == "2" else {
            throw TapError(
                .unsupported, "\(path): version", "is '\(printable(number, longest: 20))', but tap reads 1 and 2",
                remedy: "rewrite it with sigrok-cli")
        }
        return try SigrokMetadata(
            archive.contents(of: metadata, atMost: SigrokMetadata.mostBytes), place: "\(path): metadata",
            rate_hz: rate_hz)
    }

    public mutating func read(into buffer: inout RecordBuffer) throws(TapError) -> Bool {
        while !buffer.isFull {
            if position == max(logicCount, analogCount) {
                guard try nextBlock() else {
                    guard let last = time.time(of: base) else { throw tooLong() }
                    end = Timestamp(nanoseconds: last)
                    return false
                }
                if isFirst, logicCount > 0 { begin(&buffer) }
                isFirst = false
            }
            var change = max(position, logicCount)
            if position < logicCount, let logic {
                change = SampleScan.firstChange(
                    from: value, mask: mask, in: logic.bytes, position..<logicCount, unit: unit)
            }
            if position < analogCount {
                let until = change < logicCount ? change : analogCount
                let taken = try scans(position..<min(until, analogCount), &buffer)
                position += taken
                guard position >= min(until, analogCount) else { continue }
            }
            guard change < logicCount else {
                position = max(logicCount, analogCount)
                continue
            }
            try edges(at: change, &buffer)
            position = change
        }
        return true
    }

    /// - Returns: false at the end.
    private mutating func nextBlock() throws(TapError) -> Bool {
        base += UInt64(max(logicCount, analogCount))
        position = 0
        logicCount = try logic?.fill(from: &archive) ?? 0
        var counts: Set<Int> = []
        for index in analog.indices { counts.insert(try analog[index].fill(from: &archive)) }
        guard counts.count <= 1 else {
            throw TapError(
                .configuration, printable(archive.path), "its analog channels differ in length",
                remedy: "the file is damaged; use a complete one")
        }
        analogCount = counts.first ?? 0
        return max(logicCount, analogCount) > 0
    }

    private func tooLong() -> TapError {
        TapError(
            .configuration, printable(archive.path), "lasts longer than 584 years by its samplerate",
            remedy: "the samplerate in its metadata is wrong")
    }

    private func timestamp(_ sample: Int) throws(TapError) -> Timestamp {
        guard let nanoseconds = time.time(of: base + UInt64(sample)) else { throw tooLong() }
        return Timestamp(nanoseconds: nanoseconds)
    }

    private mutating func begin(_ buffer: inout RecordBuffer) {
        guard let logic else { return }
        value = SampleScan.sample(logic.bytes, 0, unit: unit) & mask
        var rest = mask
        while rest != 0 {
            let bit = rest.trailingZeroBitCount
            rest &= rest - 1
            buffer.append(
                .level(
                    Level(
                        line: lineOfBit[bit], isHigh: value >> UInt64(bit) & 1 != 0, reason: .first, notBefore: .zero,
                        notAfter: .zero)))
        }
    }

    @inline(__always)
    private mutating func edges(at sample: Int, _ buffer: inout RecordBuffer) throws(TapError) {
        guard let bytes = logic?.bytes else { return }
        let time = try timestamp(sample)
        let next = SampleScan.sample(bytes, sample, unit: unit) & mask
        var changed = next ^ value
        value = next
        while changed != 0 {
            let bit = changed.trailingZeroBitCount
            changed &= changed - 1
            let line = lineOfBit[bit]
            sequences[Int(line.index)] &+= 1
            let flags: Edge.Flags = next >> UInt64(bit) & 1 != 0 ? [.rising, .unnumbered] : .unnumbered
            buffer.append(Edge(time: time, line: line, sequence: sequences[Int(line.index)], flags: flags))
        }
    }

    private static let longestBlock_ns = 1_000_000

    /// Scans of these samples, as many as one block may have.
    ///
    /// - Returns: how many.
    private mutating func scans(_ samples: Range<Int>, _ buffer: inout RecordBuffer) throws(TapError) -> Int {
        guard !samples.isEmpty else { return 0 }
        // Scans of several devices lie between each other in time, and so do those of no whole period. A block is given
        // on when its first scan is due, so it must not reach far ahead.
        let isRegular = header.devices.count == 1 && time.period > 0
        let count = isRegular ? min(samples.count, 1_024, max(1, SigrokReader.longestBlock_ns / Int(time.period))) : 1
        for (index, device) in header.devices.enumerated() {
            scan.removeAll(keepingCapacity: true)
            for sample in samples.prefix(count) {
                for (place, stream) in zip(places, analog) where place.device == index {
                    scan.append(contentsOf: stream.bytes[sample * 4..<sample * 4 + 4])
                }
            }
            let block = ScanBlock(
                device: device.id, firstTime: try timestamp(samples.lowerBound),
                period: Nanoseconds(Int64(time.period)), count: count, bytesPerScan: device.bytesPerScan,
                sequence: base + UInt64(samples.lowerBound), stamps: .exact, uncertainty: .zero)
            buffer.append(block, raw: scan)
        }
        return count
    }
}

/// One kind of samples, which lie in one entry or in several that follow each other.
private struct SigrokStream: Sendable {
    private(set) var bytes: [UInt8]
    private var entries: ArraySlice<ZipArchive.Entry>
    private var open: (stream: Int, name: String)?
    private let bytesPerSample: Int
    private let path: String

    /// - Parameters:
    ///   - name: of the entry, or what stands before the number of each.
    ///   - samples: that are held at once.
    init(
        _ all: [ZipArchive.Entry], _ name: String, _ path: String, samples: Int, bytesPerSample: Int
    ) throws(TapError) {
        self.path = path
        self.bytesPerSample = bytesPerSample
        bytes = [UInt8](repeating: 0, count: samples * bytesPerSample)
        let whole = all.filter { $0.name == name }
        var numbered: [(number: Int, entry: ZipArchive.Entry)] = []
        for entry in all where entry.name.hasPrefix(name + "-") {
            if let number = Int(entry.name.dropFirst(name.count + 1)) { numbered.append((number, entry)) }
        }
        numbered.sort { $0.number < $1.number }
        entries = whole.isEmpty ? numbered.map(\.entry)[...] : whole[...]
        guard !entries.isEmpty, whole.count <= 1,
            numbered.enumerated().allSatisfy({ $0.offset + 1 == $0.element.number })
        else {
            throw TapError(
                .configuration, printable(path), "lacks an entry of the samples '\(printable(name))'",
                remedy: "the file is damaged; use a complete one")
        }
    }

    /// - Returns: how many samples came; fewer than fit only at the end.
    mutating func fill(from archive: inout ZipArchive) throws(TapError) -> Int {
        var filled = 0
        while filled < bytes.count {
            if open == nil {
                guard let entry = entries.popFirst() else { break }
                open = (try archive.open(entry), entry.name)
            }
            guard let current = open else { break }
            let count = try archive.read(current.stream, of: current.name, into: &bytes, filled..<bytes.count)
            filled += count
            if filled < bytes.count {
                archive.close(current.stream)
                open = nil
            }
        }
        guard filled % bytesPerSample == 0 else {
            throw TapError(
                .configuration, printable(path), "ends within a sample",
                remedy: "the file is truncated; use a complete one")
        }
        return filled / bytesPerSample
    }
}
