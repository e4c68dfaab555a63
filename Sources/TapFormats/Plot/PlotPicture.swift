import TapCore

/// Lays lanes out on one axis of time.
struct PlotPicture {
    private let plot: Plot
    private let lanes: [PlotLane]
    private let caption: String
    private var svg = SVGText()

    /// Left edge of the axis.
    private let left: Double
    private let width = Double(PlotWriter.columns)
    private let right = 22.0
    private var y = 0.0

    private static let gap = 11.0
    private static let nameSize = 12.0
    private static let bandSize = 10.5
    private static let bandRow = 15.0

    // Okabe and Ito's colours, which are safe for colour-blind readers, and print in grey too.
    private static let wire = "#0072b2"
    private static let claim = "#7b3294"
    private static let ink = "#222222"
    private static let faint = "#8a8a8a"
    private static let grid = "#e3e3e3"

    init(_ plot: Plot, _ lanes: [PlotLane], caption: String) {
        self.plot = plot
        self.lanes = lanes
        self.caption = caption
        let widest = lanes.map { SVGText.width($0.name, size: PlotPicture.nameSize) }.max() ?? 0
        // Names, and the numbers of analog axes beside them.
        left = max(110, min(250, widest + 14)) + (lanes.contains(where: \.hasAxis) ? 52 : 8)
        draw()
    }

    var text: String { svg.text }

    private mutating func draw() {
        let bands = placedBands()
        let rows = (bands.map(\.row).max() ?? -1) + 1
        let top = 40 + Double(rows) * PlotPicture.bandRow + (rows > 0 ? 6 : 0)
        let lanesHeight = lanes.reduce(0) { $0 + $1.height + PlotPicture.gap }
        let bottom = top + lanesHeight
        let height = bottom + 62
        let total = left + width + right
        svg.raw(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(SVGText.n(total)) \(SVGText.n(height))\" width=\"\(SVGText.n(total))\" height=\"\(SVGText.n(height))\" font-family=\"'Liberation Sans', Arial, Helvetica, sans-serif\" font-size=\"12\" fill=\"\(PlotPicture.ink)\">"
        )
        svg.raw("<title>\(xmlText(plot.title))</title>")
        svg.raw(
            "<defs><pattern id=\"loss\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"#fff\"/><line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\" stroke=\"#d55e00\" stroke-width=\"2.4\"/></pattern></defs>"
        )
        svg.rectangle(0, 0, total, height, "fill=\"#fff\"")
        svg.label(
            SVGText.fitted(plot.title, size: 16, width: total - 40), 16, 25, "font-size=\"16\" font-weight=\"bold\"")
        drawBands(bands, top: top, bottom: bottom - PlotPicture.gap / 2)
        drawTime(top: top - 4, bottom: bottom - PlotPicture.gap / 2)
        y = top
        for lane in lanes {
            draw(lane)
            y += lane.height + PlotPicture.gap
        }
        drawCaption(bottom + 52, total)
        svg.raw("</svg>")
    }

    // MARK: Axis and bands

    private func x(_ time: Double) -> Double {
        left + (time - Double(plot.from.count)) / Double((plot.to - plot.from).count) * width
    }

    private mutating func drawTime(top: Double, bottom: Double) {
        let axis = PlotAxis.time(from: plot.from, to: plot.to, most: 10)
        for tick in axis.ticks {
            svg.line(x(tick.value), top, x(tick.value), bottom, "stroke=\"\(PlotPicture.grid)\"")
            svg.line(x(tick.value), bottom, x(tick.value), bottom + 5, "stroke=\"\(PlotPicture.ink)\"")
            svg.label(tick.text, x(tick.value), bottom + 18, "font-size=\"11\" text-anchor=\"middle\"")
        }
        svg.line(left, bottom, left + width, bottom, "stroke=\"\(PlotPicture.ink)\"")
        svg.label(
            "time since the start [\(axis.unit)]", left + width / 2, bottom + 33,
            "font-size=\"11\" text-anchor=\"middle\"")
    }

    private struct PlacedBand {
        var band: Plot.Band
        var row: Int
        var from: Double
        var to: Double
        var text: String
        var textX: Double
    }

    /// Names stand above the lanes, in as many rows as they need not to touch.
    private func placedBands() -> [PlacedBand] {
        var ends: [Double] = []
        var placed: [PlacedBand] = []
        let visible = plot.bands.filter { $0.from < plot.to && $0.to.map { $0 > plot.from } ?? true }
        for band in visible.sorted(by: { ($0.from, $0.name) < ($1.from, $1.name) }) {
            let from = max(left, x(Double(band.from.count)))
            let to = min(left + width, band.to.map { x(Double($0.count)) } ?? .infinity)
            let text = SVGText.fitted(band.name, size: PlotPicture.bandSize, width: width)
            let length = SVGText.width(text, size: PlotPicture.bandSize)
            let textX = max(left, min(from + 2, left + width - length))
            let row = ends.firstIndex { $0 + 8 < textX } ?? ends.count
            if row == ends.count { ends.append(0) }
            ends[row] = textX + length
            placed.append(PlacedBand(band: band, row: row, from: from, to: to, text: text, textX: textX))
        }
        return placed
    }

    private static func color(_ kind: Plot.Band.Kind) -> (fill: String, text: String, opacity: Double) {
        switch kind {
        case .attack: ("#d55e00", "#a34700", 0.16)
        case .fault: ("#e69f00", "#8a5f00", 0.16)
        // Of these there is nearly always one.
        case .operation: ("#56b4e9", "#1f6f9f", 0.1)
        }
    }

    private mutating func drawBands(_ bands: [PlacedBand], top: Double, bottom: Double) {
        for band in bands {
            let color = PlotPicture.color(band.band.kind)
            let nameTop = 38 + Double(band.row) * PlotPicture.bandRow
            svg.rectangle(
                band.from, top - 4, max(1.5, band.to - band.from), bottom - top + 4,
                "fill=\"\(color.fill)\" fill-opacity=\"\(color.opacity)\"")
            if band.band.from >= plot.from {
                svg.line(
                    band.from, nameTop + 3, band.from, bottom,
                    "stroke=\"\(color.fill)\" stroke-width=\"0.8\" stroke-dasharray=\"3 2\"")
            }
            svg.label(
                band.text, band.textX, nameTop + 11, "font-size=\"\(PlotPicture.bandSize)\" fill=\"\(color.text)\"")
        }
    }

    private mutating func drawCaption(_ y: Double, _ total: Double) {
        svg.label(
            SVGText.fitted(caption, size: 10.5, width: total - 32), 16, y,
            "font-size=\"10.5\" fill=\"\(PlotPicture.faint)\"")
    }

    // MARK: Lanes

    private mutating func draw(_ lane: PlotLane) {
        let middle = y + lane.height / 2
        let nameX = 16.0
        let room = left - nameX - (lane.hasAxis ? 52 : 8)
        let name = SVGText.fitted(lane.name, size: PlotPicture.nameSize, width: room)
        let isClaim = lane.isClaim
        let color = isClaim ? PlotPicture.claim : PlotPicture.ink
        let (prefix, scale) = lane.prefix
        svg.label(name, nameX, middle + (lane.unit.isEmpty ? 4 : -2), "fill=\"\(color)\"")
        if !lane.unit.isEmpty {
            svg.label(
                "[\(prefix)\(lane.unit)]", nameX, middle + 13, "font-size=\"11\" fill=\"\(PlotPicture.faint)\"")
        }
        switch lane.content {
        case .digital(let trace): draw(trace, lane.height, PlotPicture.wire)
        case .claimedLevel(let trace): draw(trace, lane.height, PlotPicture.claim)
        case .analog(let trace): draw(trace, lane.height, scale, isClaim: false)
        case .claimedValue(let trace): draw(trace, lane.height, scale, isClaim: true)
        case .claimedText(let words): draw(words, lane.height)
        }
        for loss in lane.losses {
            let from = left + loss.lowerBound
            svg.rectangle(
                from - 1.5, y, max(4, loss.upperBound - loss.lowerBound), lane.height,
                "fill=\"url(#loss)\" fill-opacity=\"0.75\" stroke=\"#d55e00\" stroke-width=\"0.6\"")
        }
    }

    private mutating func draw(_ trace: DigitalTrace, _ height: Double, _ color: String) {
        let (high, low) = (y + 3, y + height - 3)
        svg.line(left, low, left + width, low, "stroke=\"\(PlotPicture.grid)\"")
        func level(_ isHigh: Bool) -> Double { isHigh ? high : low }
        var data = ""
        var dense = ""
        // Too narrow to be seen as filled.
        var narrow = ""
        var isHigh = trace.first
        if let isHigh { data = "M\(SVGText.n(left)) \(SVGText.n(level(isHigh)))" }
        var next = 0
        var column = 0
        while column < trace.columns.count {
            let count = trace.columns[column].count
            if count > DigitalTrace.most {
                let begin = column
                while column < trace.columns.count, trace.columns[column].count > DigitalTrace.most {
                    isHigh = trace.columns[column].isHigh
                    column += 1
                }
                if !data.isEmpty { data += "H\(SVGText.n(left + Double(begin)))" }
                let box =
                    "M\(SVGText.n(left + Double(begin))) \(SVGText.n(high))H\(SVGText.n(left + Double(column)))V\(SVGText.n(low))H\(SVGText.n(left + Double(begin)))Z"
                if column - begin < 3 { narrow += box } else { dense += box }
                if let isHigh { data += "M\(SVGText.n(left + Double(column))) \(SVGText.n(level(isHigh)))" }
                while next < trace.changes.count, trace.changes[next].x < Double(column) { next += 1 }
                continue
            }
            while next < trace.changes.count, trace.changes[next].x < Double(column + 1) {
                let change = trace.changes[next]
                // What was before the first one may not be known.
                data +=
                    isHigh == nil
                    ? "M\(SVGText.n(left + change.x)) \(SVGText.n(level(change.isHigh)))"
                    : "H\(SVGText.n(left + change.x))V\(SVGText.n(level(change.isHigh)))"
                isHigh = change.isHigh
                next += 1
            }
            column += 1
        }
        if isHigh != nil { data += "H\(SVGText.n(left + width))" }
        svg.path(dense, "fill=\"\(color)\" fill-opacity=\"0.45\"")
        svg.path(narrow, "fill=\"\(color)\"")
        svg.path(data, "fill=\"none\" stroke=\"\(color)\" stroke-width=\"1.4\"")
    }

    private mutating func draw(_ trace: AnalogTrace, _ height: Double, _ scale: Double, isClaim: Bool) {
        var (low, high) = (trace.low, trace.high)
        guard !trace.isEmpty, low <= high else {
            svg.label("no samples", left + 6, y + height / 2, "font-size=\"11\" fill=\"\(PlotPicture.faint)\"")
            return
        }
        if high - low < 1e-12 * max(1e-12, high.magnitude) {
            let reach = high == 0 ? 1 : high.magnitude * 0.1
            (low, high) = (low - reach, high + reach)
        }
        let pad = (high - low) * 0.06
        (low, high) = (low - pad, high + pad)
        let base = y + height
        func place(_ value: Double) -> Double { base - (value - low) / (high - low) * height }
        svg.rectangle(left, y, width, height, "fill=\"none\" stroke=\"\(PlotPicture.grid)\"")
        for tick in PlotAxis.quantity(from: low * scale, to: high * scale, most: 4).ticks {
            let height = place(tick.value / scale)
            svg.line(left, height, left + width, height, "stroke=\"\(PlotPicture.grid)\"")
            svg.label(tick.text, left - 6, height + 3.5, "font-size=\"10\" text-anchor=\"end\"")
        }
        let color = isClaim ? PlotPicture.claim : PlotPicture.wire
        if isClaim, !trace.isDense {
            svg.path(dots(trace, place), "fill=\"\(color)\"")
        } else if trace.isDense {
            svg.path(
                envelope(trace, place),
                "fill=\"\(color)\" fill-opacity=\"0.55\" stroke=\"\(color)\" stroke-width=\"0.7\" stroke-linejoin=\"round\""
            )
        } else {
            svg.path(
                line(trace, place), "fill=\"none\" stroke=\"\(color)\" stroke-width=\"1.3\" stroke-linejoin=\"round\"")
            if trace.points.count <= 100 { svg.path(dots(trace, place), "fill=\"\(color)\"") }
        }
    }

    private func line(_ trace: AnalogTrace, _ place: (Double) -> Double) -> String {
        var data = ""
        for point in PlotPicture.thinned(trace.points.map { (left + $0.x, place($0.value)) }) {
            data += "\(data.isEmpty ? "M" : "L")\(SVGText.n(point.x)) \(SVGText.n(point.y))"
        }
        return data
    }

    /// Without the points that lie on the line between their neighbours, to a fifth of a pixel.
    private static func thinned(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
        guard var last = points.first else { return [] }
        var kept = [last]
        // The slopes that still pass all points since the last one kept.
        var (low, high) = (-Double.infinity, Double.infinity)
        for (index, point) in points.enumerated().dropFirst() {
            let run = point.x - last.x
            guard run > 1e-9 else {
                kept.append(point)
                (last, low, high) = (point, -.infinity, .infinity)
                continue
            }
            let slope = (point.y - last.y) / run
            if slope < low || slope > high {
                last = points[index - 1]
                kept.append(last)
                (low, high) = (-.infinity, .infinity)
            }
            let rest = max(1e-9, point.x - last.x)
            low = max(low, (point.y - last.y - 0.2) / rest)
            high = min(high, (point.y - last.y + 0.2) / rest)
        }
        if let end = points.last { kept.append(end) }
        return kept
    }

    /// A dot is a circle of two arcs.
    private func dots(_ trace: AnalogTrace, _ place: (Double) -> Double) -> String {
        var data = ""
        // Those that would lie on one another are one.
        var last = -Double.infinity
        for point in trace.points where point.x - last > 2 {
            last = point.x
            data +=
                "M\(SVGText.n(left + point.x - 1.8)) \(SVGText.n(place(point.value)))a1.8 1.8 0 1 0 3.6 0a1.8 1.8 0 1 0 -3.6 0"
        }
        return data
    }

    private func envelope(_ trace: AnalogTrace, _ place: (Double) -> Double) -> String {
        var data = ""
        var index = 0
        while index < trace.columns.count {
            let begin = index
            while index < trace.columns.count, trace.columns[index].count > 0 { index += 1 }
            let filled = trace.columns[begin..<index]
            if !filled.isEmpty {
                // In tenths of a pixel, each from the one before it: roundings do not add up.
                let tops = filled.map { (place($0.high) * 10).rounded() }
                let bottoms = filled.reversed().map { (place($0.low) * 10).rounded() }
                data += "M\(SVGText.n(left + Double(begin) + 0.5)) \(SVGText.n(tops[0] / 10))"
                for (last, next) in zip(tops, tops.dropFirst()) { data += "l1 \(SVGText.n((next - last) / 10))" }
                data += "V\(SVGText.n(bottoms[0] / 10))"
                for (last, next) in zip(bottoms, bottoms.dropFirst()) { data += "l-1 \(SVGText.n((next - last) / 10))" }
                data += "Z"
            }
            index += 1
        }
        return data
    }

    private mutating func draw(_ words: [(x: Double, text: String)], _ height: Double) {
        svg.line(left, y + height - 3, left + width, y + height - 3, "stroke=\"\(PlotPicture.grid)\"")
        for (index, word) in words.enumerated() {
            let end = index + 1 < words.count ? words[index + 1].x : width
            let from = max(0, word.x)
            guard end > 0, from < width else { continue }
            let text = SVGText.fitted(word.text, size: 10.5, width: end - from - 6)
            svg.line(left + from, y + 2, left + from, y + height - 3, "stroke=\"\(PlotPicture.claim)\"")
            guard text.count > 1 || text == word.text else { continue }
            svg.label(
                text, left + from + 4, y + height - 8, "font-size=\"10.5\" fill=\"\(PlotPicture.claim)\"")
        }
    }
}

extension PlotLane {
    var hasAxis: Bool {
        switch content {
        case .analog, .claimedValue: true
        case .digital, .claimedLevel, .claimedText: false
        }
    }

    /// What brings its values to numbers that are easy to read, and the factor for it.
    var prefix: (text: String, scale: Double) {
        let trace: AnalogTrace
        switch content {
        case .analog(let own), .claimedValue(let own): trace = own
        case .digital, .claimedLevel, .claimedText: return ("", 1)
        }
        guard ["V", "A", "W", "Hz", "Pa", "s", "Ohm", "F", "H", "N", "J"].contains(unit), !trace.isEmpty else {
            return ("", 1)
        }
        return switch max(trace.low.magnitude, trace.high.magnitude) {
        case 1e6...: ("M", 1e-6)
        case 1e4..<1e6: ("k", 1e-3)
        case 1e-4..<0.1: ("m", 1e3)
        case 1e-9..<1e-4: ("u", 1e6)
        default: ("", 1)
        }
    }

    var isClaim: Bool {
        switch content {
        case .claimedLevel, .claimedValue, .claimedText: true
        case .digital, .analog: false
        }
    }
}
