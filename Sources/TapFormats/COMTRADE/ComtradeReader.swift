import Glibc
public import TapCore

/// Reads COMTRADE records of 1991, 1999 and 2013, in one file or two, ASCII, BINARY, BINARY32 and FLOAT32:
/// docs/formats/comtrade.md.
public struct ComtradeReader: ~Copyable, CaptureReader {
    public let header: SessionHeader
    public var sampleRate_hz: UInt64? {
        guard let rate = configuration.rate, rate.seconds == 1, rate.samples <= 1_000_000_000 else { return nil }
        return rate.samples
    }
    public private(set) var end: Timestamp?
    public private(set) var remarks: [String]
    public private(set) var isTorn = false

    private let configuration: ComtradeConfiguration
    private var file: InputFile
    private let places: [(device: Int, channel: Int)]
    /// Of a row of binary data.
    private let bytesPerRow: Int
    private var lines: LineLevels
    private var scans: [[UInt8]]
    /// Of each device in this row: whether a scan was taken.
    private var isThere: [Bool]
    /// In a record of tap itself a row without any sample of a device has no scan of it; elsewhere its samples are lost.
    private let isSparse: Bool
    private var counts: [UInt64]
    private var row: UInt64 = 0
    private var firstNumber: UInt64?
    /// That the numbers of the samples leave out.
    private var skipped: UInt64 = 0
    /// Of binary data in a record of one file.
    private var bytesLeft: UInt64
    private var now = Timestamp.zero

    /// No number of a sample is larger: far more than the format has digits for.
    private static let mostSamples: UInt64 = 1 << 40

    /// Missing, in a row's time.
    private static let noTime: UInt64 = 0xFFFF_FFFF

    /// - Parameter path: of the .cff file, or of the .cfg or the .dat file; the other lies beside it.
    public init(_ path: String, _ options: ReadOptions = ReadOptions()) throws(TapError) {
        var lines = ComtradeLines()
        guard path.lowercased().hasSuffix(".cff") else {
            let (first, second) = try ComtradeReader.pair(path)
            var description = try InputFile(first, encoding: options.encoding)
            let configuration = try ComtradeConfiguration(&description, &lines, zone: options.zone)
            let remarks = description.encodingRemarks
            self.init(first, configuration, try InputFile(second, isText: configuration.data == .ascii), remarks)
            return
        }
        var file = try InputFile(path, encoding: options.encoding)
        guard let range = try file.nextLine(), ComtradeLines.isHeading(file.text(range)) else {
            throw file.mistake("no '--- file type: CFG ---'", remedy: "this is no COMTRADE record in one file")
        }
        let configuration = try ComtradeConfiguration(&file, &lines, zone: options.zone)
        let bytes = try ComtradeReader.goToData(&file, lines.heading)
        let remarks = file.encodingRemarks
        self.init(path, configuration, file, remarks, bytes: bytes)
    }

    /// - Returns: how many bytes of binary data follow.
    private static func goToData(_ file: inout InputFile, _ heading: String?) throws(TapError) -> UInt64 {
        var heading = heading
        while true {
            if let text = heading?.uppercased(), text.contains("DAT") {
                // `--- file type: DAT BINARY: 702 ---`
                let parts = text.split(separator: ":")
                return parts.count > 2 ? UInt64(parts[2].filter(\.isNumber)) ?? .max : .max
            }
            guard let range = try file.nextLine() else {
                throw file.mistake("no '--- file type: DAT ---'", remedy: "the file is truncated; use a complete one")
            }
            let text = file.text(range)
            heading = ComtradeLines.isHeading(text) ? text : nil
        }
    }

    private init(
        _ path: String, _ configuration: ComtradeConfiguration, _ file: consuming InputFile, _ remarks: [String],
        bytes: UInt64 = .max
    ) {
        var names = UniqueNames()
        var table = DeviceTable()
        for (index, channel) in configuration.analog.enumerated() {
            table.add(
                names.take(channel.name, or: "A\(index + 1)"), unit: channel.unit,
                format: channel.constant == nil ? configuration.data.format : ComtradeConfiguration.Data.ascii.format,
                offset: channel.multiplier == 0 ? 0 : channel.addend / channel.multiplier,
                scale: channel.constant == nil ? channel.multiplier : 1,
                rate_hz: configuration.rate.map { Double($0.samples) / Double($0.seconds) })
        }
        let infos = configuration.digital.enumerated().map { index, name in
            LineInfo(id: LineID(UInt16(index)), name: names.take(name, or: "D\(index + 1)"), offset: index)
        }
        header = .replayed(
            file: fileName(path), name: configuration.station.isEmpty ? fileName(path) : configuration.station,
            startUTC: configuration.startUTC, isSynchronised: configuration.isSynchronised, lines: infos,
            devices: table.devices)
        self.remarks = remarks + names.remarks
        isSparse = configuration.recorder == ComtradePlan.recorder
        bytesLeft = bytes
        places = table.places
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
                finish()
                return false
            }
        }
        return true
    }

    private mutating func finish() {
        end = now
        if row != configuration.samples {
            remarks.append("has \(row) samples, but its configuration says \(configuration.samples)")
        }
        if skipped > 0 { remarks.append("samples that are missing by their numbers: \(skipped)") }
    }

    /// What is left is less than a row.
    private mutating func torn() {
        remarks.append("ends within sample \(row + 1), which is left out")
        isTorn = true
    }

    private func mistake(_ what: String, _ remedy: String) -> TapError {
        let place = configuration.data == .ascii ? "\(file.line)" : "byte \(file.offset)"
        return TapError(.configuration, "\(printable(file.path)):\(place)", what, remedy: remedy)
    }

    /// - Parameter stamp: nil: missing.
    private mutating func begin(number: UInt64, stamp: UInt64?, _ buffer: inout RecordBuffer) throws(TapError) {
        // They begin at 1, in some programs at 0, or where a part was cut out.
        let first = firstNumber ?? number
        firstNumber = first
        let due = first &+ row &+ skipped
        guard number >= due, number <= ComtradeReader.mostSamples else {
            throw mistake("sample \(number) where \(due) is due", "the file is damaged")
        }
        let time: UInt64?
        if let rate = configuration.rate {
            time = ComtradeReader.scaled(number - first, by: 1_000_000_000, rate.seconds, over: rate.samples)
        } else {
            guard let stamp else { throw mistake("a sample without a time", "give the record a sampling rate") }
            time = ComtradeReader.scaled(stamp, by: configuration.tick.nanoseconds, 1, over: configuration.tick.ticks)
        }
        guard let time else { throw mistake("a time later than 584 years", "the file is damaged") }
        guard time >= now.nanoseconds else {
            throw mistake("time goes back from \(now.nanoseconds) ns to \(time) ns", "the file is damaged")
        }
        let next = Timestamp(nanoseconds: time)
        if number > due { lose(number - due, until: next, &buffer) }
        now = next
        row += 1
    }

    /// Samples that should be between the last row and this one are not there.
    private mutating func lose(_ count: UInt64, until next: Timestamp, _ buffer: inout RecordBuffer) {
        skipped += count
        for line in header.lines.indices { lines.set(line, LineLevels.unknown, at: now, into: &buffer) }
        for device in header.devices {
            buffer.append(
                .gap(Gap(.scansMissing, .device(device.id), .exactly(count), discovered: next, from: now, to: next)))
        }
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
        guard bytesLeft >= bytesPerRow, try file.need(bytesPerRow) else {
            if bytesLeft > 0, try file.need(1) { torn() }
            return false
        }
        bytesLeft -= UInt64(bytesPerRow)
        let start = file.start
        func word(_ offset: Int, _ bytes: Int) -> UInt64 {
            var value: UInt64 = 0
            for byte in 0..<bytes { value |= UInt64(file.bytes[start + offset + byte]) << UInt64(8 * byte) }
            return value
        }
        let stamp = word(4, 4)
        try begin(number: word(0, 4), stamp: stamp == ComtradeReader.noTime ? nil : stamp, &buffer)
        let bytes = configuration.data.bytes
        for index in places.indices {
            set(index, number(word(8 + index * bytes, bytes)))
        }
        let status = 8 + places.count * bytes
        for line in header.lines.indices {
            lines.set(line, UInt8(word(status + line / 16 * 2, 2) >> UInt64(line % 16) & 1), at: now, into: &buffer)
        }
        file.skip(bytesPerRow)
        flush(&buffer)
        return true
    }

    /// Not a number: missing.
    private func number(_ pattern: UInt64) -> Double {
        switch configuration.data {
        case .binary: pattern == missing ? .nan : Double(Int16(truncatingIfNeeded: pattern))
        case .binary32: pattern == missing ? .nan : Double(Int32(truncatingIfNeeded: pattern))
        case .float32, .ascii:
            pattern == missing ? .nan : Double(Float(bitPattern: UInt32(truncatingIfNeeded: pattern)))
        }
    }

    /// Of binary data: the pattern of a missing sample. In floats "not a number" is one too.
    private var missing: UInt64 {
        switch configuration.data {
        case .binary: configuration.revision == .y1991 ? 0xFFFF : 0x8000
        case .binary32: 0x8000_0000
        case .float32, .ascii: UInt64(Float.leastNormalMagnitude.bitPattern)
        }
    }

    private mutating func set(_ channel: Int, _ value: Double) {
        let place = places[channel]
        let info = header.devices[place.device].channels[place.channel]
        let constant = configuration.analog[channel].constant
        let value = value.isNaN ? value : constant ?? value
        let bits = info.format.bits == 32 ? Int64(Float(value).bitPattern) : Int64(bitPattern: value.bitPattern)
        info.format.store(bits, in: &scans[place.device], at: info.byteOffset)
        if !isSparse || !value.isNaN { isThere[place.device] = true }
    }

    /// A scan of each device that has one in this row.
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
        // The next part of a record in one file.
        if bytes[range].starts(with: "---".utf8) { return false }
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
        if cells.count < wanted, !(try file.need(1)) {
            torn()
            return false
        }
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
        try begin(number: number, stamp: stamp, &buffer)
        for index in places.indices {
            let cell = cells[2 + index]
            let isMissing =
                cell.isEmpty || configuration.revision != .y1991 && bytes[cell].elementsEqual("99999".utf8)
            guard let value = isMissing ? .nan : Decimal.double(bytes, cell) else {
                let text = printable(String(decoding: bytes[cell], as: UTF8.self), longest: 40)
                throw mistake("'\(text)' is not a number", "the file is damaged")
            }
            set(index, value)
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
