import TapCore

/// The .cfg file of a COMTRADE record (IEEE C37.111-1991, -1999 and -2013, "configuration file"): what the samples in
/// its .dat file mean.
struct ComtradeConfiguration: Sendable {
    enum Revision: Sendable {
        case y1991, y1999, y2013

        /// Programs write the year of a draft or of their own too. nil: no year.
        init?(_ text: String) {
            // The first had no year.
            if text.isEmpty {
                self = .y1991
                return
            }
            guard let year = Int(text), (1_991...2_099).contains(year) else { return nil }
            self = year < 1_997 ? .y1991 : year < 2_013 ? .y1999 : .y2013
        }
    }

    enum Data: String, Sendable, CaseIterable {
        case ascii = "ASCII"
        case binary = "BINARY"
        case binary32 = "BINARY32"
        case float32 = "FLOAT32"

        /// Of an analog sample.
        var bytes: Int { self == .binary ? 2 : 4 }
        /// Of samples in scans: holds each exactly, and "not a number" where one is missing.
        var format: ScanFormat {
            switch self {
            case .ascii, .binary32: .float(bits: 64)
            case .binary, .float32: .float(bits: 32)
            }
        }
    }

    struct Analog: Sendable {
        var name: String
        var unit: String
        /// value = multiplier * sample + addend.
        var multiplier: Double
        var addend: Double

        /// The value of every sample, whatever it is; nil: it depends on it.
        var constant: Double? { multiplier == 0 && addend != 0 ? addend : nil }
    }

    var station = ""
    /// What made the record.
    var recorder = ""
    var revision = Revision.y2013
    var analog: [Analog] = []
    var digital: [String] = []
    var data = Data.ascii
    var samples: UInt64 = 0
    /// Samples a second as a fraction of whole numbers; nil: each sample's own time counts.
    var rate: (samples: UInt64, seconds: UInt64)?
    /// Nanoseconds of one unit of a sample's time, as a fraction.
    var tick: (nanoseconds: UInt64, ticks: UInt64) = (1_000, 1)
    var startUTC: UInt64?
    var isSynchronised = false

    private static let mostChannels = 4_096

    /// - Parameter zone: of a date that has none.
    init(_ file: inout InputFile, _ reader: inout ComtradeLines, zone: ZoneOffset?) throws(TapError) {
        let first = try reader.next(&file)
        guard first.count <= 3 else {
            throw reader.mistake(
                file, "\(first.count) fields where 'station,device,year' stand",
                "remove the commas from the station's name")
        }
        guard let revision = Revision(first.count == 3 ? first[2] : "") else {
            throw reader.mistake(
                file, "COMTRADE of '\(printable(first[2], longest: 20))'", "tap reads 1991, 1999 and 2013")
        }
        station = printable(first[0])
        recorder = first.count > 1 ? first[1] : ""
        self.revision = revision
        try readChannels(&reader, &file)
        // The nominal frequency of the mains: nothing to listen by.
        _ = try reader.next(&file)
        let rates = try readRates(&reader, &file)
        let start = try reader.next(&file)
        let trigger = try reader.next(&file)
        let kind = try reader.next(&file)
        guard let data = Data(rawValue: kind[0].uppercased()) else {
            throw reader.mistake(
                file, "data of type '\(printable(kind[0], longest: 20))'", "write ASCII, BINARY, BINARY32 or FLOAT32")
        }
        self.data = data
        try readTime(&reader, &file, start: start, trigger: trigger, zone: zone)
        if rates.count == 1, let only = rates.first, only.samples > 0 { rate = only }
    }

    private mutating func readChannels(_ reader: inout ComtradeLines, _ file: inout InputFile) throws(TapError) {
        let counts = try reader.next(&file)
        guard counts.count == 3, let total = Int(counts[0]), counts[1].uppercased().hasSuffix("A"),
            counts[2].uppercased().hasSuffix("D"), let analogs = Int(counts[1].dropLast()),
            let digitals = Int(counts[2].dropLast()), analogs >= 0, digitals >= 0, total >= 0
        else { throw reader.mistake(file, "no 'channels,nA,nD'", "as 3,1A,2D") }
        guard analogs <= ComtradeConfiguration.mostChannels, digitals <= ComtradeConfiguration.mostChannels,
            total == analogs + digitals
        else {
            throw reader.mistake(
                file, "\(total) channels, of which \(analogs) analog and \(digitals) digital",
                "the numbers must add up, and tap reads at most \(ComtradeConfiguration.mostChannels) of a kind")
        }
        for _ in 0..<analogs {
            let fields = try reader.next(&file)
            guard fields.count >= 10, let multiplier = Double(fields[5]), multiplier.isFinite,
                let addend = fields[6].isEmpty ? 0 : Double(fields[6]), addend.isFinite
            else { throw reader.mistake(file, "no analog channel", "it has 13 fields, the sixth and seventh numbers") }
            analog.append(Analog(name: fields[1], unit: printable(fields[4]), multiplier: multiplier, addend: addend))
        }
        for _ in 0..<digitals {
            let fields = try reader.next(&file)
            guard fields.count >= 3 else { throw reader.mistake(file, "no digital channel", "it has 5 fields") }
            digital.append(fields[1])
        }
    }

    private mutating func readRates(
        _ reader: inout ComtradeLines, _ file: inout InputFile
    ) throws(TapError) -> [(samples: UInt64, seconds: UInt64)] {
        let count = try reader.next(&file)
        guard let rates = Int(count[0]), (0...1_024).contains(rates) else {
            throw reader.mistake(
                file, "'\(printable(count[0], longest: 20))' sampling rates", "give their number, from 0 on")
        }
        var found: [(samples: UInt64, seconds: UInt64)] = []
        for _ in 0..<max(1, rates) {
            let fields = try reader.next(&file)
            guard fields.count == 2, let rate = ComtradeConfiguration.fraction(fields[0]), let last = UInt64(fields[1]),
                last >= samples, last <= UInt64(UInt32.max)
            else {
                throw reader.mistake(file, "no 'rate,last sample'", "write samples a second and a number of 32 bits")
            }
            samples = last
            found.append((rate.value, rate.scale))
        }
        return rates == 0 ? [] : found
    }

    private mutating func readTime(
        _ reader: inout ComtradeLines, _ file: inout InputFile, start: [String], trigger: [String], zone: ZoneOffset?
    ) throws(TapError) {
        // Nanoseconds where either has more than six digits of the second.
        let isFine = [start, trigger].contains {
            ($0.last?.split(separator: ".").last?.count ?? 0) > 6 && $0.last?.contains(".") == true
        }
        let factor = try reader.next(&file, orNothing: true)
        guard let multiple = factor[0].isEmpty ? (1, 1) : ComtradeConfiguration.fraction(factor[0]), multiple.value > 0
        else {
            throw reader.mistake(
                file, "'\(printable(factor[0], longest: 20))' as time multiplier", "write a number above 0")
        }
        let (nanoseconds, isOver) = multiple.value.multipliedReportingOverflow(by: isFine ? 1 : 1_000)
        guard !isOver else {
            throw reader.mistake(file, "a time multiplier that is too large", "write a number above 0")
        }
        tick = (nanoseconds, multiple.scale)
        var ahead = zone
        if revision == .y2013 {
            let code = try reader.next(&file, orNothing: true)
            let quality = try reader.next(&file, orNothing: true)
            isSynchronised = quality[0] == "0"
            ahead = ZoneOffset(code[0]) ?? zone
        }
        if let ahead, let local = ComtradeConfiguration.local(start, isMonthFirst: revision == .y1991) {
            startUTC = UInt64(exactly: Int128(local) - Int128(ahead.nanoseconds))
        }
    }

    /// A number with a point as a fraction whose lower part is a power of ten.
    static func fraction(_ text: String) -> (value: UInt64, scale: UInt64)? {
        let bytes = Array(text.utf8)
        // Nine digits behind the point are enough for a rate, and more than a time needs.
        guard let (value, isExact) = Decimal.scaled(bytes, 0..<bytes.count, exponent: 9) else { return nil }
        _ = isExact
        let common = max(1, RowSurvey.greatestDivisor(value, 1_000_000_000))
        return (value / common, 1_000_000_000 / common)
    }

    /// `dd/mm/yyyy,hh:mm:ss.f` since 1970, whatever its zone; in 1991 `mm/dd/yy`.
    private static func local(_ fields: [String], isMonthFirst: Bool) -> UInt64? {
        guard fields.count == 2 else { return nil }
        let date = fields[0].split(separator: "/").map { Int($0) }
        let time = fields[1].split(separator: ":")
        guard date.count == 3, time.count == 3, let day = date[isMonthFirst ? 1 : 0],
            let month = date[isMonthFirst ? 0 : 1],
            let year = date[2].map({ $0 < 70 ? $0 + 2_000 : $0 < 100 ? $0 + 1_900 : $0 }),
            let hour = Int(time[0]), let minute = Int(time[1])
        else { return nil }
        let bytes = Array(time[2].utf8)
        guard let (fraction, _) = Decimal.scaled(bytes, 0..<bytes.count, exponent: 9) else { return nil }
        return Words.nanoseconds(
            year: year, month: month, day: day, hour: hour, minute: minute, second: Int(fraction / 1_000_000_000),
            fraction_ns: Int(fraction % 1_000_000_000))
    }
}
