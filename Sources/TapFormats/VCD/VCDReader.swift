public import TapCore

/// Reads Value Change Dumps (IEEE 1364-2005, clause 18), of tap and of others: docs/formats/vcd.md.
public struct VCDReader: ~Copyable, CaptureReader {
    public let header: SessionHeader
    public var sampleRate_hz: UInt64? { nil }
    public private(set) var end: Timestamp?
    public var remarks: [String] { VCDRemarks.skipped(dump.skipped) + tally.remarks(dump.unit) + torn }
    public var isTorn: Bool { !torn.isEmpty }

    private var file: InputFile
    private let dump: VCDHeader
    private var lines: LineLevels
    private var analog: HeldScans
    private var now = Timestamp.zero
    private var lastUnits: UInt64 = 0
    private var tally = VCDRemarks()
    private var isCut = false
    private var torn: [String] = []
    private let single: VCDLineTable

    /// - Parameter wanted: names of lines and channels that come first where there are more than tap reads.
    public init(_ path: String, wanted: Set<String> = []) throws(TapError) {
        var file = try InputFile(path)
        let dump = try VCDHeader(&file, wanted: wanted)
        self.init(path, file, dump)
    }

    private init(_ path: String, _ file: consuming InputFile, _ dump: VCDHeader) {
        var table = DeviceTable()
        for channel in dump.channels { table.add(channel, unit: "", format: .float(bits: 64)) }
        header = .replayed(
            file: fileName(path), name: fileName(path), startUTC: dump.startUTC, lines: dump.lines,
            devices: table.devices,
            limits: dump.unit.isWhole ? [] : ["times shorter than a nanosecond are rounded to the nearest"])
        lines = LineLevels(dump.lines.count)
        analog = HeldScans(table)
        self.file = file
        self.dump = dump
        single = VCDLineTable(dump)
    }

    public mutating func read(into buffer: inout RecordBuffer) throws(TapError) -> Bool {
        while !buffer.isFull {
            guard let token = try file.nextToken() else {
                analog.flush(at: now, into: &buffer)
                end = now
                return false
            }
            do throws(TapError) { try take(token, &buffer) } catch {
                // Only the last word of a file can be torn.
                guard isCut || !file.isWhole else { throw error }
                guard try file.nextToken() == nil else { throw error }
                return tear(&buffer)
            }
        }
        return true
    }

    /// The last change is not whole.
    private mutating func tear(_ buffer: inout RecordBuffer) -> Bool {
        analog.flush(at: now, into: &buffer)
        TornEnd.append(header, at: now, to: &buffer)
        torn = [TornEnd.remark(line: file.line)]
        end = now
        return false
    }

    @inline(__always)
    private mutating func take(_ token: Range<Int>, _ buffer: inout RecordBuffer) throws(TapError) {
        let first = file.bytes[token.lowerBound]
        let rest = token.dropFirst()
        switch first {
        case UInt8(ascii: "#"): try advance(rest, &buffer)
        case UInt8(ascii: "0"), UInt8(ascii: "1"): try scalar(first & 1, rest, &buffer)
        case UInt8(ascii: "b"), UInt8(ascii: "B"): try vector(rest, &buffer)
        case UInt8(ascii: "r"), UInt8(ascii: "R"): try real(rest)
        case UInt8(ascii: "s"), UInt8(ascii: "S"): try text()
        case UInt8(ascii: "$"): try command(file.text(token))
        default:
            guard let level = VCDReader.level(first) else {
                throw file.mistake(
                    "'\(printable(file.text(token), longest: 40))' is neither a time nor a value change",
                    remedy: "tap cannot read this VCD file")
            }
            try scalar(level, rest, &buffer)
        }
    }

    /// Of the four values of Verilog and the nine of VHDL, whose weak levels are read as strong ones; nil: none of them.
    @inline(__always)
    private static func level(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0"), UInt8(ascii: "L"), UInt8(ascii: "l"): 0
        case UInt8(ascii: "1"), UInt8(ascii: "H"), UInt8(ascii: "h"): 1
        case UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "z"), UInt8(ascii: "Z"), UInt8(ascii: "u"),
            UInt8(ascii: "U"), UInt8(ascii: "w"), UInt8(ascii: "W"), UInt8(ascii: "-"):
            LineLevels.unknown
        default: nil
        }
    }

    @inline(__always)
    private mutating func advance(_ digits: Range<Int>, _ buffer: inout RecordBuffer) throws(TapError) {
        guard let units = Decimal.unsigned(file.bytes, digits) else { return try advance(fraction: digits, &buffer) }
        guard units >= lastUnits else {
            throw file.mistake("time goes back from #\(lastUnits) to #\(units)", remedy: "the file is damaged")
        }
        guard let time = dump.unit.nanoseconds(units) else { throw tooLate(digits) }
        tally.take(isExact: time.isExact, isMerged: units > lastUnits && time.value == now.nanoseconds)
        lastUnits = units
        go(to: time.value, &buffer)
    }

    /// As `#1.5`.
    private mutating func advance(fraction digits: Range<Int>, _ buffer: inout RecordBuffer) throws(TapError) {
        guard let (millionths, isExact) = Decimal.scaled(file.bytes, digits, exponent: 6) else {
            throw file.mistake("a time that is not a number of 64 bits from 0 on", remedy: "the file is damaged")
        }
        guard let time = dump.unit.nanoseconds(millionths: millionths) else { throw tooLate(digits) }
        guard time.value >= now.nanoseconds else {
            throw file.mistake(
                "time goes back from \(now.nanoseconds) ns to \(time.value) ns", remedy: "the file is damaged")
        }
        tally.take(isExact: isExact && time.isExact, isMerged: millionths > 0 && time.value == now.nanoseconds)
        lastUnits = millionths / 1_000_000
        go(to: time.value, &buffer)
    }

    @inline(__always)
    private mutating func go(to nanoseconds: UInt64, _ buffer: inout RecordBuffer) {
        analog.flush(at: now, into: &buffer)
        now = Timestamp(nanoseconds: nanoseconds)
    }

    private func tooLate(_ digits: Range<Int>) -> TapError {
        file.mistake(
            "#\(printable(file.text(digits), longest: 40)) is later than 584 years", remedy: "the timescale is wrong")
    }

    @inline(__always)
    private mutating func scalar(_ level: UInt8, _ id: Range<Int>, _ buffer: inout RecordBuffer) throws(TapError) {
        if let code = dump.code(of: file.bytes, id) {
            if let line = single[code], file.isWhole {
                lines.set(line, level, at: now, into: &buffer)
                return
            }
            if let variables = dump.variables[code] {
                try checkWhole(id)
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

    /// The bits may be of any number, as long as nobody wants them.
    private mutating func vector(_ bits: Range<Int>, _ buffer: inout RecordBuffer) throws(TapError) {
        guard !bits.isEmpty else { throw file.mistake("a vector of 0 bits", remedy: "the file is damaged") }
        let mostBits = VCDHeader.mostLines
        let values = file.bytes[bits].prefix(mostBits).map { VCDReader.level($0) }
        let variables = try variables()
        guard let first = values[0] else { throw notBits() }
        // What is left out on the left is 0, or unknown where the first bit is.
        let fill = first == LineLevels.unknown ? first : 0
        for variable in variables where !variable.lines.isEmpty {
            let missing = variable.lines.count - bits.count
            guard missing >= 0 else {
                throw file.mistake(
                    "\(bits.count) bits for a variable of \(variable.lines.count)", remedy: "the file is damaged")
            }
            for (place, line) in variable.lines.enumerated() {
                guard let level = place < missing ? fill : values[place - missing] else { throw notBits() }
                lines.set(Int(line.index), level, at: now, into: &buffer)
            }
        }
    }

    private func notBits() -> TapError {
        file.mistake("a vector that is not of 0, 1, x and z", remedy: "the file is damaged")
    }

    private mutating func real(_ digits: Range<Int>) throws(TapError) {
        let value = Decimal.double(file.bytes, digits)
        let text = value == nil ? file.text(digits) : ""
        for variable in try variables() {
            guard let channel = variable.channel else { continue }
            guard let value else {
                throw file.mistake(
                    "'\(printable(text, longest: 40))' is not a number", remedy: "the file is damaged")
            }
            analog.set(channel, value)
        }
    }

    /// Of a string, which tap skips.
    private mutating func text() throws(TapError) {
        guard try variables().isEmpty else {
            throw file.mistake("a text for a variable that is none", remedy: "the file is damaged")
        }
    }

    /// Of the identifier that comes next.
    private mutating func variables() throws(TapError) -> [VCDHeader.Variable] {
        guard let id = try file.nextToken() else {
            isCut = true
            throw file.mistake("ends within a value change", remedy: "the file is truncated; use a complete one")
        }
        guard let code = dump.code(of: file.bytes, id), let variables = dump.variables[code] else {
            throw undeclared(id)
        }
        try checkWhole(id)
        return variables
    }

    /// The last word of a file may be the beginning of a longer identifier.
    private func checkWhole(_ id: Range<Int>) throws(TapError) {
        guard !file.isWhole else { return }
        let isAmbiguous = dump.identifiers.contains { $0.count > id.count && $0.starts(with: file.bytes[id]) }
        if isAmbiguous { throw undeclared(id) }
    }

    /// `$dumpvars` and its like hold value changes; comments hold nothing for tap.
    private mutating func command(_ keyword: String) throws(TapError) {
        switch keyword {
        case "$dumpvars", "$dumpall", "$dumpon", "$dumpoff", "$end": return
        case "$comment":
            while let range = try file.nextToken() { if file.text(range) == "$end" { return } }
            isCut = true
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
