import TapCore

/// Comma-separated values: docs/formats/csv.md.
struct CSVRows: ~Copyable, RowSink {
    private var output: ByteWriter
    private let samples: [[SampleCell]]
    private let sampleCount: Int
    private let options: CSVOptions
    private let separator: UInt8
    static let holdsClaims = true

    /// - Throws: where the options do not fit one another, or the capture.
    init(_ header: SessionHeader, _ options: CSVOptions, to output: consuming ByteWriter) throws(TapError) {
        try CSVRows.check(options, header)
        self.output = output
        self.options = options
        separator =
            switch options.separator {
            case .comma: UInt8(ascii: ",")
            case .semicolon: UInt8(ascii: ";")
            case .tab: UInt8(ascii: "\t")
            }
        samples = header.sampleCells
        sampleCount = samples.reduce(0) { $0 + $1.count }
        var names: [String] =
            switch options.time {
            case .ns: ["t_ns"]
            case .s: ["t_s"]
            case .utc: ["time"]
            }
        // A name that ends with a unit would be taken for a channel's or tag's.
        names += header.lines.map {
            $0.name.hasSuffix("}") || CSVUnit.split($0.name).unit != nil ? $0.name + "_" : $0.name
        }
        for device in header.devices {
            names += device.samples.map { "\(device.fileName(of: $0)) [\($0.channel.unit)]" }
        }
        names += header.tags.map { "\($0.title) {\($0.unit)}" }
        let glue = String(UnicodeScalar(separator))
        self.output.append(names.map(CSVCells.quoted).joined(separator: glue) + "\n")
        self.output.endRecord(at: header.origin)
    }

    private static func check(_ options: CSVOptions, _ header: SessionHeader) throws(TapError) {
        guard !options.hasDecimalComma || options.separator != .comma else {
            throw TapError(
                .usage, "--decimal-comma", "is also what separates cells", remedy: "add --separator semicolon")
        }
        guard options.time != .utc || header.fix != nil else {
            throw TapError(
                .usage, "--time utc", "the capture does not say which date and time it began",
                remedy: "take --time s, seconds since it began")
        }
    }

    mutating func row(_ row: CaptureRow, _ header: SessionHeader) {
        append(row.time, header)
        output.append(levels: row.levels, separator: separator)
        if row.hasScans { scans(row.scans) } else { for _ in 0..<sampleCount { output.append(separator) } }
        if row.hasClaims { claims(row.claims) } else { for _ in row.claims.indices { output.append(separator) } }
        output.append(UInt8(ascii: "\n"))
        output.endRecord(at: row.time)
    }

    private mutating func scans(_ scans: [[UInt8]]) {
        for (samples, scan) in zip(samples, scans) {
            for sample in samples {
                output.append(separator)
                if !scan.isEmpty { output.append(number(sample.value(in: scan))) }
            }
        }
    }

    private mutating func claims(_ claims: [Claim.Value?]) {
        for claim in claims {
            output.append(separator)
            switch claim {
            case .bool(let isTrue): output.append(isTrue ? "true" : "false")
            case .number(let number): output.append(self.number(number))
            // In one line, and never taken for anything else.
            case .text(let text): output.append(CSVCells.inQuotes(printable(text.text)))
            case nil: break
            }
        }
    }

    private mutating func append(_ time: Timestamp, _ header: SessionHeader) {
        switch options.time {
        case .ns: output.append(decimal: time.nanoseconds)
        case .s:
            let elapsed = (time - header.origin).count
            let digits = String(elapsed.magnitude % 1_000_000_000)
            let text = "\(elapsed < 0 ? "-" : "")\(elapsed.magnitude / 1_000_000_000)."
            output.append(decimal(text + String(repeating: "0", count: 9 - digits.count) + digits))
        case .utc:
            guard let fix = header.fix else { return }
            let text = Words.utc(fix.utcNanoseconds &+ UInt64(bitPattern: (time - fix.monotonic).count))
            // Without the T, the digits below a millisecond, and the Z.
            output.append(decimal(String(text.dropLast(7).map { $0 == "T" ? " " : $0 })))
        }
    }

    private func number(_ value: Double) -> String { decimal("\(value)") }

    private func decimal(_ text: String) -> String {
        options.hasDecimalComma ? String(text.map { $0 == "." ? "," : $0 }) : text
    }

    mutating func flush() throws(TapError) {
        output.flush()
        if let failure = output.failure { throw failure }
    }

    mutating func finish() throws(TapError) { try flush() }
}
