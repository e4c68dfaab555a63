public import TapCore

/// A capture file written anew in another format, in bounded memory; the new file takes its name only once it is whole.
public struct Conversion: Sendable {
    /// Of tap, for headers.
    public var version: String
    public var mayReplace = false
    /// Of the samples of a .sr file; nil: that of the input, if it has one.
    public var sampleRate_hz: UInt64?
    /// Names; both empty: everything.
    public var lines: [String] = []
    public var channels: [String] = []
    /// Asked between pieces; true ends it with an error.
    public var isInterrupted: @Sendable () -> Bool = { false }

    public init(version: String) { self.version = version }

    /// What was converted.
    public struct Outcome: Sendable {
        public var edges: UInt64 = 0
        public var scans: UInt64 = 0
        public var length: Nanoseconds = .zero
        /// What the new format could not hold, a sentence each.
        public var remarks: [String] = []
    }

    /// - Parameters:
    ///   - input: a capture, see `CaptureFormat.open`.
    ///   - format: what `output` becomes.
    public func run(_ input: String, to output: String, as format: CaptureFormat) throws(TapError) -> Outcome {
        var reader = try CaptureFormat.open(input)
        var header = reader.header
        var selection: RecordSelection?
        if !lines.isEmpty || !channels.isEmpty {
            let selected = try ReplaySelection(header, lines: lines, channels: channels)
            selection = selected.numbers
            header.sources[0].lines = selected.lines
            header.sources[0].devices = selected.devices
        }
        header.version = version
        var file = try NewFile(output, mayReplace: mayReplace)
        let bytes = ByteWriter(file.descriptor, name: printable(output))
        var outcome: Outcome
        switch format {
        case .vcd:
            var writer = VCDWriter(header, to: bytes)
            outcome = try pump(&reader, selection, into: &writer, header)
        case .jsonl:
            var writer = JSONLinesWriter(header, to: bytes)
            outcome = try pump(&reader, selection, into: &writer, header)
        case .sigrok:
            guard let rate = sampleRate_hz ?? reader.sampleRate_hz else {
                throw TapError(
                    .usage, printable(input), "has no sample rate, and a .sr file is samples of one rate",
                    remedy: "give one with --rate, as --rate 1MHz")
            }
            var writer = try SigrokWriter(header, to: file.temporary, rate_hz: rate)
            outcome = try pump(&reader, selection, into: &writer, header)
            outcome.remarks = writer.remarks
        case .csv, .comtrade:
            throw TapError(.unsupported, printable(output), "not yet", remedy: "")
        }
        try file.commit()
        return outcome
    }

    private func pump<Writer: CaptureWriter & ~Copyable>(
        _ reader: inout any CaptureReader & ~Copyable, _ selection: RecordSelection?, into writer: inout Writer,
        _ header: SessionHeader
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
            if isInterrupted() {
                throw TapError(.output, "conversion", "was interrupted", remedy: "nothing was written")
            }
        }
        if let end = reader.end {
            outcome.length = end - header.origin
            writer.captureEnded(at: end)
        }
        try writer.finish(at: .zero)
        return outcome
    }
}
