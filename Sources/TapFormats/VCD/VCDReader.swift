public import TapCore

/// Reads Value Change Dumps (IEEE 1364-2005, clause 18), of tap and of others: docs/formats/vcd.md.
public struct VCDReader: ~Copyable, CaptureReader {
    public let header: SessionHeader
    public var sampleRate_hz: UInt64? { nil }
    public private(set) var end: Timestamp?

    private var file: InputFile
    private let dump: VCDHeader
    private var lines: LineLevels
    private var analog: HeldScans
    private var now = Timestamp.zero
    private var lastUnits: UInt64 = 0
    /// By identifier, for those that are one line and of at most two characters.
    private let fast: [Int32]

    public init(_ path: String) throws(TapError) {
        var file = try InputFile(path)
        let dump = try VCDHeader(&file)
        self.init(path, file, dump)
    }

    private init(_ path: String, _ file: consuming InputFile, _ dump: VCDHeader) {
        var table = DeviceTable()
        for channel in dump.channels { table.add(channel, unit: "", format: .float(bits: 64)) }
        var fast = [Int32](repeating: -1, count: 95 * 95 + 95)
        for code in dump.codes where code < fast.count {
            if let found = dump.variables[code], found.count == 1, found[0].lines.count == 1 {
                fast[Int(code)] = Int32(found[0].lines[0].index)
            }
        }
        header = .replayed(
            file: fileName(path), name: fileName(path), startUTC: dump.startUTC, lines: dump.lines,
            devices: table.devices,
            limits: dump.unit_ns > 0 ? [] : ["times shorter than a nanosecond are rounded to the nearest"])
        lines = LineLevels(dump.lines.count)
        analog = HeldScans(table)
        self.file = file
        self.dump = dump
        self.fast = fast
    }

    public mutating func read(into buffer: inout RecordBuffer) throws(TapError) -> Bool {
        while !buffer.isFull {
            guard let token = try file.nextToken() else {
                analog.flush(at: now, into: &buffer)
                end = now
                return false
            }
            try take(token, &buffer)
        }
        return true
    }

    @inline(__always)
    private mutating func take(_ token: Range<Int>, _ buffer: inout RecordBuffer) throws(TapError) {
        let first = file.bytes[token.lowerBound]
        let rest = token.dropFirst()
        switch first {
        case UInt8(ascii: "#"): try advance(rest, &buffer)
        case UInt8(ascii: "0"), UInt8(ascii: "1"): try scalar(first & 1, rest, &buffer)
        case UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "z"), UInt8(ascii: "Z"):
            try scalar(LineLevels.unknown, rest, &buffer)
        case UInt8(ascii: "b"), UInt8(ascii: "B"): try vector(rest, &buffer)
        case UInt8(ascii: "r"), UInt8(ascii: "R"): try real(rest)
        case UInt8(ascii: "$"): try command(file.text(token))
        default:
            throw file.mistake(
                "'\(printable(file.text(token), longest: 40))' is neither a time nor a value change",
                remedy: "tap cannot read this VCD file")
        }
    }

    @inline(__always)
    private mutating func advance(_ digits: Range<Int>, _ buffer: inout RecordBuffer) throws(TapError) {
        guard let units = Decimal.unsigned(file.bytes, digits) else {
            throw file.mistake("a time that is not a whole number of 64 bits", remedy: "the file is damaged")
        }
        guard units >= lastUnits else {
            throw file.mistake("time goes back from #\(lastUnits) to #\(units)", remedy: "the file is damaged")
        }
        lastUnits = units
        let (nanoseconds, isOver) =
            dump.unit_ns > 0
            ? units.multipliedReportingOverflow(by: dump.unit_ns)
            : (VCDReader.rounded(units, by: dump.unitsPerNanosecond), false)
        guard !isOver else {
            throw file.mistake("#\(units) is later than 584 years", remedy: "the timescale is wrong")
        }
        analog.flush(at: now, into: &buffer)
        now = Timestamp(nanoseconds: nanoseconds)
    }

    private static func rounded(_ value: UInt64, by divisor: UInt64) -> UInt64 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return quotient + (remainder >= divisor - divisor / 2 ? 1 : 0)
    }

    @inline(__always)
    private mutating func scalar(_ level: UInt8, _ id: Range<Int>, _ buffer: inout RecordBuffer) throws(TapError) {
        if let code = VCDHeader.code(file.bytes, id) {
            if code < UInt64(fast.count), fast[Int(code)] >= 0 {
                lines.set(Int(fast[Int(code)]), level, at: now, into: &buffer)
                return
            }
            if let variables = dump.variables[code] {
                // A vector may be set as a whole by one bit, which then is its lowest.
                for variable in variables {
                    for (place, line) in variable.lines.reversed().enumerated() {
                        lines.set(
                            Int(line.index), place == 0 || level == LineLevels.unknown ? level : 0, at: now,
                            into: &buffer)
                    }
                }
                return
            }
        }
        throw undeclared(id)
    }

    private func undeclared(_ id: Range<Int>) -> TapError {
        file.mistake(
            "a change of '\(printable(file.text(id), longest: 20))', which no $var declares",
            remedy: "the file is damaged")
    }

    private mutating func vector(_ bits: Range<Int>, _ buffer: inout RecordBuffer) throws(TapError) {
        guard bits.count <= VCDHeader.mostLines, !bits.isEmpty else {
            throw file.mistake("a vector of \(bits.count) bits", remedy: "the file is damaged")
        }
        var values: [UInt8] = []
        for index in bits {
            switch file.bytes[index] {
            case UInt8(ascii: "0"): values.append(0)
            case UInt8(ascii: "1"): values.append(1)
            case UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "z"), UInt8(ascii: "Z"):
                values.append(LineLevels.unknown)
            default: throw file.mistake("a vector that is not of 0, 1, x and z", remedy: "the file is damaged")
            }
        }
        let variables = try variables()
        // What is left out on the left is 0, or unknown where the first bit is.
        let fill = values[0] == LineLevels.unknown ? LineLevels.unknown : 0
        for variable in variables {
            let missing = variable.lines.count - values.count
            guard missing >= 0 || variable.lines.isEmpty else {
                throw file.mistake(
                    "\(values.count) bits for a variable of \(variable.lines.count)", remedy: "the file is damaged")
            }
            for (place, line) in variable.lines.enumerated() {
                lines.set(Int(line.index), place < missing ? fill : values[place - missing], at: now, into: &buffer)
            }
        }
    }

    private mutating func real(_ digits: Range<Int>) throws(TapError) {
        guard let value = Decimal.double(file.bytes, digits) else {
            throw file.mistake(
                "'\(printable(file.text(digits), longest: 40))' is not a number", remedy: "the file is damaged")
        }
        for variable in try variables() { if let channel = variable.channel { analog.set(channel, value) } }
    }

    /// Of the identifier that comes next.
    private mutating func variables() throws(TapError) -> [VCDHeader.Variable] {
        guard let id = try file.nextToken() else {
            throw file.mistake("ends within a value change", remedy: "the file is truncated; use a complete one")
        }
        guard let code = VCDHeader.code(file.bytes, id), let variables = dump.variables[code] else {
            throw undeclared(id)
        }
        return variables
    }

    /// `$dumpvars` and its like hold value changes; comments hold nothing for tap.
    private mutating func command(_ keyword: String) throws(TapError) {
        switch keyword {
        case "$dumpvars", "$dumpall", "$dumpon", "$dumpoff", "$end": return
        case "$comment":
            while let range = try file.nextToken() { if file.text(range) == "$end" { return } }
            throw file.mistake("a comment without $end", remedy: "the file is truncated; use a complete one")
        default:
            throw file.mistake(
                "'\(printable(keyword, longest: 40))' among the value changes",
                remedy: "tap cannot read this VCD file")
        }
    }
}

extension VCDReader {
    public var share: Double? { file.share }
}
