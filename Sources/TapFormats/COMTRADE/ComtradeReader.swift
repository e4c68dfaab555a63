import Glibc
public import TapCore

/// Reads COMTRADE records of 1999 and 2013, ASCII, BINARY, BINARY32 and FLOAT32: docs/formats/comtrade.md.
public struct ComtradeReader: ~Copyable, CaptureReader {
    public let header: SessionHeader
    public var sampleRate_hz: UInt64? {
        guard let rate = configuration.rate, rate.seconds == 1, rate.samples <= 1_000_000_000 else { return nil }
        return rate.samples
    }
    public private(set) var end: Timestamp?

    private let configuration: ComtradeConfiguration
    private var file: InputFile
    private let places: [(device: Int, channel: Int)]
    private let format: ScanFormat
    /// Of a row of binary data.
    private let bytesPerRow: Int
    private var lines: LineLevels
    private var scans: [[UInt8]]
    /// Of each device in this row: whether any sample is there.
    private var isThere: [Bool]
    private var counts: [UInt64]
    private var row: UInt64 = 0
    private var now = Timestamp.zero

    /// Missing, in a row's time.
    private static let noTime: UInt64 = 0xFFFF_FFFF

    /// - Parameter path: of the .cfg or the .dat file; the other lies beside it.
    public init(_ path: String) throws(TapError) {
        let (first, second) = try ComtradeReader.pair(path)
        var description = try InputFile(first)
        let configuration = try ComtradeConfiguration(&description)
        self.init(first, configuration, try InputFile(second))
    }

    private init(_ path: String, _ configuration: ComtradeConfiguration, _ file: consuming InputFile) {
        var names = UniqueNames()
        var table = DeviceTable()
        for (index, channel) in configuration.analog.enumerated() {
            table.add(
                names.take(channel.name, or: "A\(index + 1)"), unit: channel.unit, format: configuration.data.format,
                offset: channel.multiplier == 0 ? 0 : channel.addend / channel.multiplier, scale: channel.multiplier,
                rate_hz: configuration.rate.map { Double($0.samples) / Double($0.seconds) })
        }
        let infos = configuration.digital.enumerated().map { index, name in
            LineInfo(id: LineID(UInt16(index)), name: names.take(name, or: "D\(index + 1)"), offset: index)
        }
        header = .replayed(
            file: fileName(path), name: configuration.station.isEmpty ? fileName(path) : configuration.station,
            startUTC: configuration.startUTC, isSynchronised: configuration.isSynchronised, lines: infos,
            devices: table.devices)
        places = table.places
        format = configuration.data.format
        bytesPerRow = 8 + configuration.analog.count * configuration.data.bytes + (infos.count + 15) / 16 * 2
        lines = LineLevels(infos.count)
        scans = table.devices.map { Array(repeating: 0, count: $0.bytesPerScan) }
        isThere = table.devices.map { _ in false }
        counts = table.devices.map { _ in 0 }
        self.configuration = configuration
        self.file = file
    }

    /// Both files of a record, in either case of letters.
    private static func pair(_ path: String) throws(TapError) -> (configuration: String, data: String) {
        let stem = String(path.dropLast(4))
        let isData = path.lowercased().hasSuffix(".dat")
        let endings = isData ? [".cfg", ".CFG"] : [".dat", ".DAT"]
        guard let other = endings.map({ stem + $0 }).first(where: { unsafe access($0, R_OK) == 0 }) else {
            throw TapError(
                .configuration, printable(path), "has no \(endings[0]) file beside it",
                remedy: "a COMTRADE record is two files of one name")
        }
        return isData ? (other, path) : (path, other)
    }

    public mutating func read(into buffer: inout RecordBuffer) throws(TapError) -> Bool {
        while !buffer.isFull {
            let isMore = configuration.data == .ascii ? try textRow(&buffer) : try binaryRow(&buffer)
            guard isMore else {
                guard row == configuration.samples else {
                    throw mistake(
                        "ends after \(row) of \(configuration.samples) samples",
                        "the file is truncated; use a complete one")
                }
                end = now
                return false
            }
        }
        return true
    }

    private func mistake(_ what: String, _ remedy: String) -> TapError {
        let place = configuration.data == .ascii ? "\(file.line)" : "byte \(file.offset)"
        return TapError(.configuration, "\(printable(file.path)):\(place)", what, remedy: remedy)
    }

    /// - Parameter stamp: nil: missing.
    private mutating func begin(number: UInt64, stamp: UInt64?) throws(TapError) {
        guard row < configuration.samples else {
            throw mistake(
                "more than the \(configuration.samples) samples of its configuration",
                "the files do not belong together"
            )
        }
        guard number == row + 1 else {
            throw mistake("sample \(number) where \(row + 1) is due", "the file is damaged")
        }
        let time: UInt64?
        if let rate = configuration.rate {
            time = ComtradeReader.scaled(row, by: 1_000_000_000, rate.seconds, over: rate.samples)
        } else {
            guard let stamp else { throw mistake("a sample without a time", "give the record a sampling rate") }
            time = ComtradeReader.scaled(stamp, by: configuration.tick.nanoseconds, 1, over: configuration.tick.ticks)
        }
        guard let time else { throw mistake("a time later than 584 years", "the file is damaged") }
        guard time >= now.nanoseconds else {
            throw mistake("time goes back from \(now.nanoseconds) ns to \(time) ns", "the file is damaged")
        }
        now = Timestamp(nanoseconds: time)
        row += 1
    }

    /// `value * factor * other / divisor`, to the nearest, halves up; nil: more than 64 bits.
    static func scaled(_ value: UInt64, by factor: UInt64, _ other: UInt64, over divisor: UInt64) -> UInt64? {
        let (product, isOver) = value.multipliedReportingOverflow(by: other)
        guard !isOver else { return nil }
        let (high, low) = product.multipliedFullWidth(by: factor)
        let (sum, carry) = low.addingReportingOverflow(divisor / 2)
        let top = high + (carry ? 1 : 0)
        guard top < divisor else { return nil }
        return divisor.dividingFullWidth((top, sum)).quotient
    }

    private mutating func binaryRow(_ buffer: inout RecordBuffer) throws(TapError) -> Bool {
        guard try file.need(bytesPerRow) else {
            guard !(try file.need(1)) else {
                throw mistake("ends within a sample", "the file is truncated; use a complete one")
            }
            return false
        }
        let start = file.start
        func word(_ offset: Int, _ bytes: Int) -> UInt64 {
            var value: UInt64 = 0
            for byte in 0..<bytes { value |= UInt64(file.bytes[start + offset + byte]) << UInt64(8 * byte) }
            return value
        }
        let stamp = word(4, 4)
        try begin(number: word(0, 4), stamp: stamp == ComtradeReader.noTime ? nil : stamp)
        let bytes = configuration.data.bytes
        for index in places.indices {
            let pattern = word(8 + index * bytes, bytes)
            set(index, Int64(bitPattern: pattern), isMissing: isMissing(pattern))
        }
        let status = 8 + places.count * bytes
        for line in header.lines.indices {
            lines.set(line, UInt8(word(status + line / 16 * 2, 2) >> UInt64(line % 16) & 1), at: now, into: &buffer)
        }
        file.skip(bytesPerRow)
        flush(&buffer)
        return true
    }

    private func isMissing(_ pattern: UInt64) -> Bool {
        switch configuration.data {
        case .binary: pattern == 0x8000
        case .binary32: pattern == 0x8000_0000
        case .float32, .ascii: Float(bitPattern: UInt32(truncatingIfNeeded: pattern)).isNaN
        }
    }

    private mutating func set(_ channel: Int, _ pattern: Int64, isMissing: Bool) {
        let place = places[channel]
        let info = header.devices[place.device].channels[place.channel]
        format.store(pattern, in: &scans[place.device], at: info.byteOffset)
        if !isMissing { isThere[place.device] = true }
    }

    /// A scan of each device of which any sample is there.
    private mutating func flush(_ buffer: inout RecordBuffer) {
        for (index, device) in header.devices.enumerated() where isThere[index] {
            isThere[index] = false
            buffer.append(
                ScanBlock(
                    device: device.id, firstTime: now, period: .zero, count: 1, bytesPerScan: device.bytesPerScan,
                    sequence: counts[index], stamps: .exact, uncertainty: .zero), raw: scans[index])
            counts[index] += 1
        }
    }

    private mutating func textRow(_ buffer: inout RecordBuffer) throws(TapError) -> Bool {
        guard let range = try file.nextLine() else { return false }
        let bytes = file.bytes
        var cells: [Range<Int>] = []
        var cell = range.lowerBound
        for index in range where bytes[index] == UInt8(ascii: ",") {
            cells.append(Decimal.trimmed(bytes, cell..<index))
            cell = index + 1
        }
        cells.append(Decimal.trimmed(bytes, cell..<range.upperBound))
        // An empty line, or the mark of CP/M, at the end.
        if cells.count == 1, cells[0].isEmpty { return true }
        let wanted = 2 + places.count + header.lines.count
        guard cells.count == wanted else {
            throw mistake("\(cells.count) fields, not \(wanted)", "the file is truncated or damaged")
        }
        guard let number = Decimal.unsigned(bytes, cells[0]) else {
            throw mistake("no sample number", "the file is damaged")
        }
        var stamp: UInt64?
        if !cells[1].isEmpty {
            guard let (value, isExact) = Decimal.scaled(bytes, cells[1], exponent: 0), isExact else {
                throw mistake("a time that is not a whole number from 0 on", "the file is damaged")
            }
            stamp = value
        }
        try begin(number: number, stamp: stamp)
        for index in places.indices {
            let cell = cells[2 + index]
            let isMissing = cell.isEmpty || bytes[cell].elementsEqual("99999".utf8)
            guard let value = isMissing ? .nan : Decimal.double(bytes, cell) else {
                let text = printable(String(decoding: bytes[cell], as: UTF8.self), longest: 40)
                throw mistake("'\(text)' is not a number", "the file is damaged")
            }
            set(index, Int64(bitPattern: value.bitPattern), isMissing: isMissing)
        }
        for line in header.lines.indices {
            let cell = cells[2 + places.count + line]
            guard cell.count == 1, bytes[cell.lowerBound] == 48 || bytes[cell.lowerBound] == 49 else {
                throw mistake("a digital channel that is neither 0 nor 1", "the file is damaged")
            }
            lines.set(line, bytes[cell.lowerBound] - 48, at: now, into: &buffer)
        }
        flush(&buffer)
        return true
    }
}

extension ComtradeReader {
    public var share: Double? { file.share }
}
