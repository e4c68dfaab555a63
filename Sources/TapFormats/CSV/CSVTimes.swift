import TapCore

/// When the rows of a table were taken.
struct CSVTimes: Sendable {
    enum Style: Sendable {
        /// Numbers, of which one is 10^exponent nanoseconds.
        case numbers(exponent: Int)
        /// Dates with times, in this column or in two; `zone`: of those that have none.
        case dates(isSplit: Bool, zone: ZoneOffset?)
        /// Times of a day.
        case clock
        /// The number of a sample: in the column or, without one, of the row.
        case samples(CSVRaster)
    }

    /// The column; nil: there is none.
    var column: Int?
    var style: Style
    /// Taken off each time, so that none lies before zero.
    var base: Int128 = 0

    /// Of a row, by what its cells say; nil: they do not.
    ///
    /// - Parameter row: its number, from 0 on.
    func time(_ bytes: [UInt8], _ cells: [Range<Int>], row: UInt64, _ text: CSVText) -> Int128? {
        var cell = 0..<0
        if let column {
            guard column < cells.count else { return nil }
            cell = CSVText.plain(bytes, cells[column])
        }
        switch style {
        case .numbers(let exponent): return CSVTimes.signed(bytes, cell, exponent: exponent, point: text.point)
        case .dates(let isSplit, let zone):
            guard let date = CSVDate(bytes, cell), date.hasDate else { return nil }
            var time = date.nanoseconds - Int128((date.zone ?? zone)?.nanoseconds ?? 0)
            if isSplit {
                guard let column, column + 1 < cells.count,
                    let clock = CSVDate(bytes, CSVText.plain(bytes, cells[column + 1])), !clock.hasDate
                else { return nil }
                time += clock.nanoseconds
            }
            return time
        case .clock:
            guard let date = CSVDate(bytes, cell), !date.hasDate else { return nil }
            return date.nanoseconds
        case .samples(let raster):
            guard column != nil else { return raster.time(of: Int128(row)) }
            return CSVTimes.signed(bytes, cell, exponent: 0, point: text.point).flatMap { raster.time(of: $0) }
        }
    }

    /// Digits with a sign, exactly.
    static func signed(_ bytes: [UInt8], _ cell: Range<Int>, exponent: Int, point: UInt8) -> Int128? {
        guard let first = cell.first else { return nil }
        let isNegative = bytes[first] == UInt8(ascii: "-")
        let digits = isNegative || bytes[first] == UInt8(ascii: "+") ? cell.dropFirst() : cell
        guard let (value, _) = Decimal.scaled(bytes, digits, exponent: exponent, point: point) else { return nil }
        return isNegative ? -Int128(value) : Int128(value)
    }
}
