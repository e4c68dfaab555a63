import TapCore

/// Comma-separated values: docs/formats/csv.md.
struct CSVRows: ~Copyable, RowSink {
    private var output: ByteWriter
    private let samples: [[ScanSample]]
    static let holdsClaims = true
    private static let comma = UInt8(ascii: ",")

    init(_ header: SessionHeader, to output: consuming ByteWriter) {
        self.output = output
        samples = header.devices.map(\.samples)
        var names = ["t_ns"]
        // A name that ends with a unit would be taken for a channel's or tag's.
        names += header.lines.map {
            $0.name.hasSuffix("}") || CSVUnit.split($0.name).unit != nil ? $0.name + "_" : $0.name
        }
        for device in header.devices {
            names += device.samples.map { "\(device.fileName(of: $0)) [\($0.channel.unit)]" }
        }
        names += header.tags.map { "\($0.title) {\($0.unit)}" }
        self.output.append(names.map(CSVRows.quoted).joined(separator: ",") + "\n")
        self.output.endRecord(at: header.origin)
    }

    private static func quoted(_ text: String) -> String {
        guard text.contains(where: { ",;\"\t\r\n".contains($0) }) else { return text }
        return inQuotes(text)
    }

    private static func inQuotes(_ text: String) -> String {
        "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    mutating func row(_ row: CaptureRow, _ header: SessionHeader) {
        output.append(decimal: row.time.nanoseconds)
        for level in row.levels {
            output.append(CSVRows.comma)
            if level != CaptureRow.unknown { output.append(48 + level) }
        }
        for (samples, scan) in zip(samples, row.scans) {
            for sample in samples {
                output.append(CSVRows.comma)
                guard !scan.isEmpty else { continue }
                output.append("\((sample.number(in: scan) + sample.channel.offset) * sample.channel.scale)")
            }
        }
        for claim in row.claims {
            output.append(CSVRows.comma)
            switch claim {
            case .bool(let isTrue): output.append(isTrue ? "true" : "false")
            case .number(let number): output.append("\(number)")
            // In one line, and never taken for anything else.
            case .text(let text): output.append(CSVRows.inQuotes(printable(text.text)))
            case nil: break
            }
        }
        output.append(UInt8(ascii: "\n"))
        output.endRecord(at: row.time)
    }

    mutating func flush() throws(TapError) {
        output.flush()
        if let failure = output.failure { throw failure }
    }

    mutating func finish() throws(TapError) { try flush() }
}
