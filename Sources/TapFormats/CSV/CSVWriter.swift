import TapCore

/// Comma-separated values: docs/formats/csv.md.
struct CSVRows: ~Copyable, RowSink {
    private var output: ByteWriter
    private static let comma = UInt8(ascii: ",")

    init(_ header: SessionHeader, to output: consuming ByteWriter) {
        self.output = output
        var names = ["t_ns"]
        // A name that ends with a unit would be taken for a channel's.
        names += header.lines.map { $0.name.hasSuffix("]") ? $0.name + "_" : $0.name }
        for device in header.devices {
            for channel in device.channels {
                for repeated in 0..<channel.format.repeats {
                    names.append("\(device.fileName(of: channel, repeated)) [\(channel.unit)]")
                }
            }
        }
        self.output.append(names.map(CSVRows.quoted).joined(separator: ",") + "\n")
        self.output.endRecord(at: header.origin)
    }

    private static func quoted(_ text: String) -> String {
        guard text.contains(where: { ",;\"\t\r\n".contains($0) }) else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    mutating func row(_ row: CaptureRow, _ header: SessionHeader) {
        output.append(decimal: row.time.nanoseconds)
        for level in row.levels {
            output.append(CSVRows.comma)
            if level != CaptureRow.unknown { output.append(48 + level) }
        }
        for (device, scan) in zip(header.devices, row.scans) {
            for channel in device.channels {
                for repeated in 0..<channel.format.repeats {
                    output.append(CSVRows.comma)
                    guard !scan.isEmpty else { continue }
                    let number = channel.format.number(
                        in: scan, at: channel.byteOffset + repeated * channel.format.bytesPerSample)
                    output.append("\((number + channel.offset) * channel.scale)")
                }
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
