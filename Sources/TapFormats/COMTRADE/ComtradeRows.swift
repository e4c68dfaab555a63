import TapCore

/// The rows of the .dat file.
struct ComtradeRows: ~Copyable, RowSink {
    private var output: ByteWriter
    private let plan: ComtradePlan
    private var number: UInt64 = 0
    private let samples: [[SampleCell]]
    private let sampleCount: Int
    private var levels: [UInt8]

    init(_ header: SessionHeader, _ plan: ComtradePlan, to output: consuming ByteWriter) {
        self.output = output
        self.plan = plan
        samples = header.sampleCells
        sampleCount = samples.reduce(0) { $0 + $1.count }
        levels = Array(repeating: 0, count: header.lines.count)
    }

    mutating func row(_ row: CaptureRow, _ header: SessionHeader) {
        number += 1
        let time = UInt64(max(0, (row.time - header.origin).count)) / plan.tick_ns
        for (index, level) in row.levels.enumerated() where level != CaptureRow.unknown { levels[index] = level }
        switch plan.data {
        case .ascii: text(time, row)
        case .binary, .float32: binary(time, row)
        }
        output.endRecord(at: row.time)
    }

    private mutating func text(_ time: UInt64, _ row: CaptureRow) {
        output.append(decimal: number)
        output.append(UInt8(ascii: ","))
        output.append(decimal: time)
        if row.hasScans {
            for (samples, scan) in zip(samples, row.scans) {
                for sample in samples { text(sample, scan) }
            }
        } else {
            for _ in 0..<sampleCount { output.append(",99999") }
        }
        output.append(levels: levels, separator: UInt8(ascii: ","))
        output.append("\r\n")
    }

    /// 99999 alone means "missing".
    private mutating func text(_ sample: SampleCell, _ scan: [UInt8]) {
        guard !scan.isEmpty else { return output.append(",99999") }
        output.append(UInt8(ascii: ","))
        guard !sample.format.isFloat else {
            let number = sample.number(in: scan)
            return output.append(number.isNaN ? "99999" : "\(number)")
        }
        let raw = sample.raw(in: scan)
        output.append(decimal: raw)
        if raw == 99_999 { output.append(".0") }
    }

    private mutating func binary(_ time: UInt64, _ row: CaptureRow) {
        output.append(littleEndian: number, bytes: 4)
        output.append(littleEndian: time, bytes: 4)
        var place = 0
        for (samples, scan) in zip(samples, row.scans) {
            for sample in samples {
                if plan.data == .binary {
                    let whole = scan.isEmpty ? nil : sample.whole(in: scan)
                    let raw = if let whole { whole - plan.shifts[place] } else { -32_768 as Int64 }
                    output.append(littleEndian: UInt64(bitPattern: raw), bytes: 2)
                } else {
                    let value = scan.isEmpty ? Float.nan : Float(sample.number(in: scan))
                    output.append(littleEndian: UInt64(value.bitPattern), bytes: 4)
                }
                place += 1
            }
        }
        for first in stride(from: 0, to: levels.count, by: 16) {
            var word: UInt64 = 0
            for index in first..<min(first + 16, levels.count) {
                word |= UInt64(levels[index]) << UInt64(index - first)
            }
            output.append(littleEndian: word, bytes: 2)
        }
    }

    mutating func flush() throws(TapError) {
        output.flush()
        if let failure = output.failure { throw failure }
    }

    mutating func finish() throws(TapError) { try flush() }
}
