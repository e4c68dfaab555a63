import TapCore

extension CSVHeader {
    /// Where the times of a table are and how they are written.
    static func times(
        _ file: borrowing InputFile, _ layout: CSVLayout, _ names: [String], _ units: [String], _ options: ReadOptions
    ) throws(TapError) -> CSVTimes {
        guard let column = try timeColumn(file, layout, names, units, options) else {
            if let raster = layout.raster { return CSVTimes(style: .samples(raster)) }
            if let rate = options.rate_hz ?? layout.rate_hz {
                return CSVTimes(style: .samples(CSVRaster(rate_hz: rate)))
            }
            let name = names[0].isEmpty ? "" : ", '\(printable(names[0], longest: 40))',"
            throw file.mistake(
                "the first column\(name) is not a time",
                remedy: "name it with --time-column, or give the rate of the rows with --rate")
        }
        let isCount = samples.contains(names[column].lowercased())
        if isCount || layout.isSigrok && exponent(names[column]) == nil, options.unit == nil, layout.rate_hz == nil {
            guard let rate = options.rate_hz else {
                throw file.mistake(
                    "the column '\(printable(names[column], longest: 40))' counts samples",
                    remedy: "give their rate with --rate")
            }
            return CSVTimes(column: column, style: .samples(CSVRaster(rate_hz: rate)))
        }
        let unit = options.unit?.exponent ?? exponent(names[column]) ?? CSVUnit.time(units[column])
        if let raster = layout.raster, column == layout.sampleColumn {
            return CSVTimes(column: column, style: .samples(raster))
        }
        let isOfSigrok = layout.isSigrok && options.unit == nil && options.timeColumn == nil && column == 0
        if let rate = layout.rate_hz, isOfSigrok || isCount && options.unit == nil {
            let raster = isOfSigrok ? CSVRaster(sigrokRate_hz: rate) : CSVRaster(rate_hz: rate)
            return CSVTimes(column: column, style: .samples(raster))
        }
        return CSVTimes(column: column, style: style(file.bytes, layout, column, unit, options))
    }

    private static func style(
        _ bytes: [UInt8], _ layout: CSVLayout, _ column: Int, _ unit: Int?, _ options: ReadOptions
    ) -> CSVTimes.Style {
        guard let row = layout.rows.first, column < row.count else { return .numbers(exponent: unit ?? 9) }
        let cell = CSVText.plain(bytes, row[column])
        guard layout.text.number(bytes, cell) == nil, let date = CSVDate(bytes, cell) else {
            return .numbers(exponent: unit ?? 9)
        }
        guard date.hasDate else { return .clock }
        let isSplit =
            !date.hasTime && column + 1 < row.count
            && CSVDate(bytes, CSVText.plain(bytes, row[column + 1])).map { $0.hasTime && !$0.hasDate } ?? false
        return .dates(isSplit: isSplit, zone: options.zone)
    }

    private static func timeColumn(
        _ file: borrowing InputFile, _ layout: CSVLayout, _ names: [String], _ units: [String], _ options: ReadOptions
    ) throws(TapError) -> Int? {
        if let wanted = options.timeColumn {
            if let index = names.firstIndex(where: { $0 == wanted || CSVUnit.split($0).name == wanted }) {
                return index
            }
            if let number = Int(wanted), names.indices.contains(number - 1) { return number - 1 }
            let meant = guess(wanted, in: names).map { "\($0) " } ?? ""
            throw TapError(
                .notFound, "column '\(printable(wanted, longest: 40))'", "is not in \(printable(file.path))",
                remedy: meant + "it has: \(names.map { printable($0, longest: 40) }.prefix(20).joined(separator: ", "))"
            )
        }
        if let index = names.firstIndex(where: isTime) { return index }
        if let index = names.indices.first(where: { CSVUnit.time(units[$0]) != nil }) { return index }
        if let index = names.firstIndex(where: { samples.contains($0.lowercased()) }) { return index }
        if let index = layout.sampleColumn { return index }
        guard let row = layout.rows.first else { return nil }
        let bytes = file.bytes
        return row.indices.first {
            let cell = CSVText.plain(bytes, row[$0])
            return layout.text.number(bytes, cell) == nil && CSVDate(bytes, cell) != nil
        }
    }

    private static let words: Set<String> = [
        "t", "time", "timestamp", "time stamp", "zeit", "zeitstempel", "datum", "date", "datetime", "date time",
        "date/time", "uhrzeit", "x-axis", "datum/zeit", "datum uhrzeit", "utc",
    ]
    private static let samples: Set<String> = ["samples", "sample"]

    static func isTime(_ name: String) -> Bool {
        let base = CSVUnit.split(name).name.lowercased()
        return words.contains(base) || CSVUnit.time(base).map { _ in base.count > 2 } ?? false
            || exponent(name) != nil
    }

    /// Of the unit in the name of a column of times, as `t_ns`, `Time [s]`, `time(ms)` or `microseconds`; nil: none.
    private static func exponent(_ name: String) -> Int? {
        let (base, unit) = CSVUnit.split(name.lowercased())
        if let unit { return words.contains(base) ? CSVUnit.time(unit) : nil }
        if base.count > 2, let exponent = CSVUnit.time(base) { return exponent }
        let parts = base.split { "_ ,".contains($0) }
        guard parts.count == 2, words.contains(String(parts[0])) else { return nil }
        return CSVUnit.time(String(parts[1]))
    }
}

extension CSVTimes {
    /// Whether a column is of times.
    func covers(_ index: Int) -> Bool {
        if case .dates(isSplit: true, _) = style, let column, index == column + 1 { return true }
        return index == column
    }
}
