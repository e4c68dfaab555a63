import TapCore

/// How a capture becomes a COMTRADE record: settled before the first row by a first reading of it.
struct ComtradePlan: Sendable {
    let revision: ComtradeOptions.Revision
    let data: ComtradeOptions.Data
    /// Nanoseconds of one unit of a row's time.
    let tick_ns: UInt64
    /// Of each sample of all devices: what is taken off it so that it fits in 16 bits.
    let shifts: [Int64]
    let survey: RowSurvey

    /// In the field of what made the record: a row without any sample of a device has no scan of it.
    static let recorder = "tap"
    /// The same where such rows also stand for scans whose samples are lost: then each is read so.
    private static let losingRecorder = "tap-gaps"

    /// Unsigned 32 bits, of which the last means "missing".
    private static let longest: UInt64 = 0xFFFF_FFFE
    /// 13 digits in 2013, 10 in 1999.
    private static let longestText: [ComtradeOptions.Revision: UInt64] = [
        .y2013: 9_999_999_999_999, .y1999: 9_999_999_999,
    ]

    /// - Parameter file: for messages.
    init(_ header: SessionHeader, _ survey: RowSurvey, _ options: ComtradeOptions, file: String) throws(TapError) {
        func refuse(_ what: String, _ remedy: String) -> TapError {
            TapError(.unsupported, printable(file), what, remedy: remedy)
        }
        self.survey = survey
        revision = options.revision
        tick_ns = max(1, survey.unit_ns)
        let formats = header.devices.flatMap { $0.samples.map(\.format) }
        var shifts: [Int64]? = []
        for index in formats.indices {
            let range = survey.ranges.indices.contains(index) ? survey.ranges[index] : RowSurvey.SampleRange()
            if let shift = ComtradePlan.shift(range) { shifts?.append(shift) } else { shifts = nil }
        }
        let fits = survey.last / tick_ns <= ComtradePlan.longest
        let isFloat = formats.allSatisfy { $0.isFloat && $0.bits == 32 || !$0.isFloat && $0.bits <= 24 }
        data =
            options.data
            ?? (fits && shifts != nil ? .binary : fits && isFloat && revision == .y2013 ? .float32 : .ascii)
        self.shifts = data == .binary ? shifts ?? [] : formats.map { _ in 0 }
        guard survey.rows < ComtradePlan.longest else {
            throw refuse(
                "\(survey.rows) samples are more than COMTRADE can count", "write CSV or JSON Lines, or fewer lines")
        }
        guard data == .ascii || fits else {
            throw refuse(
                "its times, in steps of \(tick_ns) ns up to \(survey.last) ns, do not fit in the 32 bits that \(data.rawValue) data have",
                "write it with --data ascii")
        }
        guard data != .ascii || survey.last / tick_ns <= ComtradePlan.longestText[revision] ?? 0 else {
            throw refuse("its times have more digits than COMTRADE allows", "write CSV or JSON Lines")
        }
        guard data != .binary || shifts != nil else {
            throw refuse(
                "its channels have samples that do not fit in 16 bits", "write it with --data float32 or ascii")
        }
        guard data != .float32 || revision == .y2013 else {
            throw refuse("float32 came with COMTRADE 2013", "write it with --year 2013, or --data ascii")
        }
    }

    /// nil: no shift makes it fit; -32768 means "missing".
    private static func shift(_ range: RowSurvey.SampleRange) -> Int64? {
        guard range.isWhole else { return nil }
        guard let range = range.range else { return 0 }
        if range.lowerBound >= -32_767, range.upperBound <= 32_767 { return 0 }
        return range.lowerBound >= 1 && range.upperBound <= 65_535
            || range.lowerBound >= 0 && range.upperBound <= 65_534
            ? (range.lowerBound >= 1 ? 32_768 : 32_767) : nil
    }

    /// The .cfg file.
    func configuration(_ header: SessionHeader) -> String {
        var rows: [String] = []
        let samples = header.devices.reduce(0) { $0 + $1.samples.count }
        let recorder = survey.hasLostScan ? ComtradePlan.losingRecorder : ComtradePlan.recorder
        rows.append("\(ComtradePlan.clean(header.board)),\(recorder),\(revision.rawValue)")
        rows.append("\(samples + header.lines.count),\(samples)A,\(header.lines.count)D")
        var number = 0
        for device in header.devices {
            for sample in device.samples {
                rows.append(analog(device, sample, number))
                number += 1
            }
        }
        for (index, line) in header.lines.enumerated() {
            rows.append("\(index + 1),\(ComtradePlan.clean(line.name)),,,0")
        }
        rows.append("")
        if let rate = fixedRate { rows += ["1", "\(rate),\(survey.rows)"] } else { rows += ["0", "0,\(survey.rows)"] }
        let start = start(header)
        rows += [start, start, data.rawValue.uppercased(), factor]
        if revision == .y2013 {
            rows.append(header.fix == nil ? "x,x" : "0,x")
            rows.append("\(header.fix?.isSynchronised == true ? "0" : "F"),3")
        }
        return rows.map { $0 + "\r\n" }.joined()
    }

    private func analog(_ device: DeviceInfo, _ sample: ScanSample, _ number: Int) -> String {
        let channel = sample.channel
        let scale = channel.scale.isFinite ? channel.scale : 1
        let offset = channel.offset.isFinite ? channel.offset : 0
        let (least, most): (String, String) =
            switch data {
            case .ascii: ("-99999", "99998")
            case .binary: ("-32767", "32767")
            case .float32: ("-3.4028235E38", "3.4028235E38")
            }
        let addend = (offset + Double(shifts[number])) * scale
        return [
            "\(number + 1)", ComtradePlan.clean(device.fileName(of: sample)), "", "",
            ComtradePlan.clean(channel.unit), "\(scale)", "\(addend)", "0", least, most, "1", "1", "P",
        ].joined(separator: ",")
    }

    /// Samples a second in decimal, if there is a rate and it is exact so.
    private var fixedRate: String? {
        guard let period = survey.period_ns, period > 0, survey.rows > 1 else { return nil }
        // 10^18 / period: as many billionths of a sample a second.
        let (billionths, rest) = (1_000_000_000_000_000_000 as UInt64).quotientAndRemainder(dividingBy: period)
        guard rest == 0 else { return nil }
        return ComtradePlan.decimal(billionths, digits: 9)
    }

    /// Of times: in nanoseconds in 2013, in microseconds in 1999.
    private var factor: String {
        revision == .y2013 ? "\(tick_ns)" : ComtradePlan.decimal(tick_ns, digits: 3)
    }

    private static func decimal(_ value: UInt64, digits: Int) -> String {
        var power: UInt64 = 1
        for _ in 0..<digits { power *= 10 }
        var fraction = "\(value % power + power)".dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return "\(value / power)" + (fraction.isEmpty ? "" : "." + fraction)
    }

    /// `dd/mm/yyyy,hh:mm:ss.f` of the origin; without a date the first of 1970.
    private func start(_ header: SessionHeader) -> String {
        let utc = header.fix.map { $0.utcNanoseconds &+ UInt64(bitPattern: (header.origin - $0.monotonic).count) } ?? 0
        let text = Array(Words.utc(utc).utf8)
        func part(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }
        let fraction = revision == .y2013 ? 20..<29 : 20..<26
        return "\(part(8..<10))/\(part(5..<7))/\(part(0..<4)),\(part(11..<19)).\(part(fraction))"
    }

    /// A comma would end the field.
    private static func clean(_ text: String) -> String {
        String(text.map { $0 == "," || $0.isNewline ? "_" : $0 })
    }
}
