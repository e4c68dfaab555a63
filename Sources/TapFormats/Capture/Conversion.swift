public import TapCore

/// A capture file read from its beginning to its end, and written anew in another format, drawn (`draw`) or summed up
/// (`info`), in bounded memory; a new file takes its name only once it is whole.
///
/// ```swift
/// let conversion = Conversion(version: "1.0")
/// let outcome = try conversion.run(path, to: vcd, as: .vcd)
/// for remark in outcome.remarks { print(remark) }  // what the new format cannot hold
/// ```
public struct Conversion: Sendable {
    /// Of tap, for headers.
    public var version: String
    public var mayReplace = false
    /// Of the samples of a .sr file; nil: that of the input, if it has one.
    public var sampleRate_hz: UInt64?
    public var comtrade = ComtradeOptions()
    /// What the input does not say of itself.
    public var reading = ReadOptions()
    public var csv = CSVOptions()
    /// Names; both empty: everything.
    public var lines: [String] = []
    /// Since the input's beginning; `to` nil: up to its end.
    public var span: (from: Nanoseconds, to: Nanoseconds?) = (.zero, nil)
    public var channels: [String] = []
    public var claims: [String] = []
    /// Of a picture: what signals stand for, and which claims lie over them.
    public var meaning = PlotMeaning()

    /// Asked between pieces; true ends it with an error. Usually the request to end that the process has had.
    public var isInterrupted: @Sendable () -> Bool = { Interruption.signal != nil }
    /// Called between pieces, for people who wait.
    public var onProgress: (@Sendable (Progress) -> Void)?

    public init(version: String) { self.version = version }

    /// How far a conversion is.
    public struct Progress: Sendable {
        public enum Step: Sendable, Hashable {
            /// The input is read.
            case reading
            /// The samples of a .sr file are packed: so many bytes of them in all.
            case packing(bytes: UInt64)
            /// The input is read once more, for a picture.
            case drawing
        }

        public var step: Step
        /// Of the step, from 0 to 1; nil: not known.
        public var share: Double?

        public init(step: Step, share: Double?) {
            self.step = step
            self.share = share
        }
    }

    /// What was converted.
    public struct Outcome: Sendable {
        public var edges: UInt64 = 0
        public var scans: UInt64 = 0
        public var length: Nanoseconds = .zero
        /// What the new format could not hold, a sentence each.
        public var remarks: [String] = []
        /// What reading the input found, a sentence each: see `CaptureReader.remarks`.
        public var found: [String] = []
    }

    /// Opens a span of a capture: `CaptureFormat.open`, or what knows of more than files.
    public typealias Opening =
        @Sendable (String, ReadOptions, Nanoseconds, Nanoseconds?) throws(TapError) -> any CaptureReader & ~Copyable
    public var opening: Opening = { (path, options, from, to) throws(TapError) in
        try CaptureFormat.open(path, options, from: from, to: to)
    }

    /// - Parameters:
    ///   - input: a capture, see `CaptureFormat.open`.
    ///   - format: what `output` becomes.
    public func run(_ input: String, to output: String, as format: CaptureFormat) throws(TapError) -> Outcome {
        var reader = try open(input)
        var (header, selection) = try select(reader.header)
        header.version = version
        try FileIdentity.check(outputs: [("OUT", output)], inputs: Conversion.files(input))
        if format == .comtrade { return try comtrade(&reader, input, output, header, selection) }
        let file = try OutputFile(output, mayReplace: mayReplace, appears: .whenWhole)
        defer { file.abandon() }
        var outcome: Outcome
        switch format {
        case .vcd:
            var writer = VCDWriter(
                header, to: ByteWriter(file), unit_ns: try coarsestUnit(of: input, header, selection))
            outcome = try pump(&reader, selection, into: &writer, header)
            outcome.remarks = writer.remarks
        case .jsonl:
            var writer = JSONLinesWriter(header, to: ByteWriter(file))
            outcome = try pump(&reader, selection, into: &writer, header)
        case .csv:
            outcome = try table(&reader, header, selection, to: file)
        case .sigrok, .comtrade:
            guard let rate = sampleRate_hz ?? reader.sampleRate_hz else {
                throw TapError(
                    .usage, printable(input), "has no sample rate, but a .sr file needs one",
                    remedy: "give one with --rate, as --rate 1MHz")
            }
            try Conversion.needFile(file)
            var writer = try SigrokWriter(header, to: file.place, name: output, rate_hz: rate)
            writer.isInterrupted = isInterrupted
            writer.onPacking = { [onProgress] share, bytes in
                onProgress?(Progress(step: .packing(bytes: bytes), share: share))
            }
            outcome = try pump(&reader, selection, into: &writer, header)
            outcome.remarks = writer.remarks
        }
        try file.commit()
        return outcome
    }

    /// Writes a table to an output that is there.
    ///
    /// - Parameter input: a capture, see `CaptureFormat.open`.
    public func table(_ input: String, to output: any ByteOutput) throws(TapError) -> Outcome {
        var reader = try open(input)
        var (header, selection) = try select(reader.header)
        header.version = version
        return try table(&reader, header, selection, to: output)
    }

    private func table(
        _ reader: inout any CaptureReader & ~Copyable, _ header: SessionHeader, _ selection: RecordSelection?,
        to output: any ByteOutput
    ) throws(TapError) -> Outcome {
        let rows = try CSVRows(header, csv, to: ByteWriter(output))
        let thinned = ThinnedRows(header, every: csv.every, into: rows)
        var writer = RowStream(header, into: thinned, marksOrigin: true)
        var outcome = try pump(&reader, selection, into: &writer, header)
        outcome.remarks = writer.remarks
        if writer.sink.merged > 0 {
            outcome.remarks.append(
                "rows left out by --every: \(writer.sink.merged); changes within an interval are not in the table")
        }
        return outcome
    }

    static var interruption: TapError {
        TapError(.interrupted, "conversion", "was interrupted", remedy: "nothing was written")
    }

    /// An archive and a pair of files cannot go down a pipe.
    private static func needFile(_ file: OutputFile) throws(TapError) {
        guard !file.isFile else { return }
        throw TapError(
            .output, file.name, "is not a file that can be replaced",
            remedy: "choose another name, or .vcd, .csv or .jsonl")
    }

    /// COMTRADE is two files under one name.
    static func files(_ path: String) -> [String] {
        guard CaptureFormat(name: path) == .comtrade else { return [path] }
        return [path] + ["cfg", "CFG", "dat", "DAT"].map { path.dropLast(3) + $0 }
    }

    func open(_ input: String) throws(TapError) -> any CaptureReader & ~Copyable {
        try opening(input, reading, span.from, span.to)
    }

    /// The coarsest time of a dump that loses nothing: viewers that sample a dump at its unit need it. The input is read
    /// once more for it; a pipe cannot be, and gets nanoseconds.
    private func coarsestUnit(
        of input: String, _ header: SessionHeader, _ selection: RecordSelection?
    ) throws(TapError) -> UInt64 {
        guard FileIdentity.isFile(input) else { return 1 }
        var reader = try open(input)
        var quiet = self
        quiet.onProgress = nil
        var survey = VCDWriter(header, to: ByteWriter(NoOutput()))
        _ = try quiet.pump(&reader, selection, into: &survey, header)
        return survey.coarsestUnit_ns
    }

    var selectsAll: Bool { lines.isEmpty && channels.isEmpty && claims.isEmpty }

    func select(_ all: SessionHeader) throws(TapError) -> (SessionHeader, RecordSelection?) {
        guard !selectsAll else { return (all, nil) }
        var header = all
        let selected = try ReplaySelection(all, lines: lines, channels: channels, claims: claims)
        header.sources[0].lines = selected.lines
        header.sources[0].devices = selected.devices
        header.sources[0].tags = selected.tags
        return (header, selected.numbers)
    }

    private func comtrade(
        _ reader: inout any CaptureReader & ~Copyable, _ input: String, _ output: String, _ header: SessionHeader,
        _ selection: RecordSelection?
    ) throws(TapError) -> Outcome {
        guard output.lowercased().hasSuffix(".cfg") else {
            throw TapError(
                .usage, printable(output), "is the data of a COMTRADE record",
                remedy: "give its configuration file, .cfg")
        }
        let dataPath = output.dropLast(3) + (output.hasSuffix("CFG") ? "DAT" : "dat")
        try FileIdentity.check(outputs: [("OUT", String(dataPath))], inputs: Conversion.files(input))
        let configuration = try OutputFile(output, mayReplace: mayReplace, appears: .whenWhole)
        let data = try OutputFile(String(dataPath), mayReplace: mayReplace, appears: .whenWhole)
        defer { for file in [configuration, data] { file.abandon() } }
        for file in [configuration, data] { try Conversion.needFile(file) }
        let outcome = try record(
            &reader, input, header, selection, to: (configuration, data), name: output)
        try data.commit()
        try configuration.commit()
        return outcome
    }

    /// Writes a COMTRADE record to outputs that are there: one that takes its configuration, and one that takes its data.
    ///
    /// - Parameters:
    ///   - input: a capture, see `CaptureFormat.open`.
    ///   - name: of the configuration, for messages.
    public func record(
        _ input: String, to outputs: (configuration: any ByteOutput, data: any ByteOutput), name: String
    ) throws(TapError) -> Outcome {
        var reader = try open(input)
        var (header, selection) = try select(reader.header)
        header.version = version
        return try record(&reader, input, header, selection, to: outputs, name: name)
    }

    /// Two files, of which the configuration says what is in the data: so the input is read twice.
    private func record(
        _ reader: inout any CaptureReader & ~Copyable, _ input: String, _ header: SessionHeader,
        _ selection: RecordSelection?, to outputs: (configuration: any ByteOutput, data: any ByteOutput), name: String
    ) throws(TapError) -> Outcome {
        var survey = RowStream(header, into: RowSurvey(), marksOrigin: false)
        _ = try pump(&reader, selection, into: &survey, header)
        let plan = try ComtradePlan(header, survey.sink, comtrade, file: name)
        let rows = ComtradeRows(header, plan, to: ByteWriter(outputs.data))
        var writer = RowStream(header, into: rows, marksOrigin: false)
        reader = try open(input)
        var outcome = try pump(&reader, selection, into: &writer, header)
        outcome.remarks = writer.remarks
        if writer.lineGaps > 0 {
            outcome.remarks.append("losses that COMTRADE cannot hold: \(writer.lineGaps)")
        }
        if survey.sink.hasUnknown {
            outcome.remarks.append(
                "unknown levels are written as the last known one, or 0: COMTRADE cannot hold them")
        }
        var bytes = ByteWriter(outputs.configuration)
        bytes.append(plan.configuration(header))
        bytes.endRecord(at: .zero)
        bytes.flush()
        if let failure = bytes.failure { throw failure }
        return outcome
    }

    func pump<Writer: RecordSink & ~Copyable>(
        _ reader: inout any CaptureReader & ~Copyable, _ selection: RecordSelection?, into writer: inout Writer,
        _ header: SessionHeader, _ step: Progress.Step = .reading
    ) throws(TapError) -> Outcome {
        var buffer = RecordBuffer()
        var outcome = Outcome()
        var isMore = true
        while isMore {
            isMore = try reader.read(into: &buffer)
            if let selection { buffer.keep(selection) }
            let (edges, scans) = buffer.counts
            outcome.edges += edges
            outcome.scans += scans
            buffer.drain(into: &writer)
            try writer.batchEnded(at: .zero)
            if isInterrupted() { throw Conversion.interruption }
            onProgress?(Progress(step: step, share: reader.share))
        }
        outcome.found = reader.remarks
        if let end = reader.end {
            outcome.length = end - header.origin
            writer.captureEnded(at: end)
        }
        try writer.finish(at: .zero)
        return outcome
    }
}
