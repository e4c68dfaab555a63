import TapCore

/// Lays lanes out on one axis of time.
struct PlotPicture {
    private let plot: Plot
    private let lanes: [PlotLane]
    /// Below the axis.
    private let remarks: [String]
    private let caption: String
    var svg = SVGText()

    /// Left edge of the axis.
    let left: Double
    let width = Double(PlotWriter.columns)

    private static let right = 22.0
    /// Names wider than this are cut.
    private static let mostName = 480.0

    init(_ plot: Plot, _ lanes: [PlotLane], remarks: [String], caption: String) {
        self.plot = plot
        self.lanes = lanes
        self.remarks = plot.notes + remarks
        self.caption = caption
        let names = lanes.flatMap { [$0.name] + $0.claims.map(\.name) }
        let widest = names.map { SVGText.width($0, size: PlotStyle.nameSize) }.max() ?? 0
        // Names, and the numbers of analog axes beside them.
        left = 16 + max(86, min(PlotPicture.mostName, widest)) + (lanes.contains(where: \.hasAxis) ? 56 : 12)
        draw()
    }

    var text: String { svg.text }

    private mutating func draw() {
        let bands = placedBands()
        let rows = (bands.map(\.row).max() ?? -1) + 1
        let top = 40 + Double(rows) * PlotStyle.bandRow + (rows > 0 ? 6 : 0)
        let bottom = top + lanes.reduce(0) { $0 + $1.height + PlotStyle.gap }
        let total = left + width + PlotPicture.right
        let remarks = remarks.flatMap { SVGText.wrapped($0, size: PlotStyle.smallSize, width: total - 32) }
        let height = bottom + 84 + 14 * Double(remarks.count)
        svg.raw(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(SVGText.n(total)) \(SVGText.n(height))\" width=\"\(SVGText.n(total))\" height=\"\(SVGText.n(height))\" font-family=\"'Liberation Sans', Arial, Helvetica, sans-serif\" font-size=\"12\" fill=\"\(PlotStyle.ink)\">"
        )
        svg.raw("<title>\(xmlText(plot.title))</title>")
        svg.raw(
            "<defs><pattern id=\"loss\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"#fff\"/><line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\" stroke=\"\(PlotStyle.loss)\" stroke-width=\"2.4\"/></pattern></defs>"
        )
        svg.rectangle(0, 0, total, height, "fill=\"#fff\"")
        svg.label(
            SVGText.fitted(plot.title, size: 16, width: total - 40), 16, 25, "font-size=\"16\" font-weight=\"bold\"")
        drawBands(bands, top: top, bottom: bottom - PlotStyle.gap / 2)
        drawTime(top: top - 4, bottom: bottom - PlotStyle.gap / 2)
        var y = top
        for lane in lanes {
            draw(lane, y)
            y += lane.height + PlotStyle.gap
        }
        PlotLegend(lanes, bands.map(\.band)).draw(into: &svg, x: 16, y: bottom + 48)
        for (row, text) in remarks.enumerated() {
            svg.label(text, 16, bottom + 70 + 14 * Double(row), "font-size=\"\(PlotStyle.smallSize)\"")
        }
        svg.label(
            SVGText.fitted(caption, size: PlotStyle.smallSize, width: total - 32), 16, height - 10,
            "font-size=\"\(PlotStyle.smallSize)\" fill=\"\(PlotStyle.faint)\"")
        svg.raw("</svg>")
    }

    // MARK: Axis and bands

    private func x(_ time: Double) -> Double {
        left + (time - Double(plot.from.count)) / Double((plot.to - plot.from).count) * width
    }

    private mutating func drawTime(top: Double, bottom: Double) {
        let axis = PlotAxis.time(from: plot.from, to: plot.to, most: 10)
        for tick in axis.ticks {
            svg.line(x(tick.value), top, x(tick.value), bottom, PlotStyle.grid)
            svg.line(x(tick.value), bottom, x(tick.value), bottom + 5, "stroke=\"\(PlotStyle.ink)\"")
            svg.label(tick.text, x(tick.value), bottom + 18, "font-size=\"11\" text-anchor=\"middle\"")
        }
        svg.line(left, bottom, left + width, bottom, "stroke=\"\(PlotStyle.ink)\"")
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
            let text = SVGText.fitted(band.name, size: PlotStyle.smallSize, width: width)
            let length = SVGText.width(text, size: PlotStyle.smallSize)
            let textX = max(left, min(from + 2, left + width - length))
            let row = ends.firstIndex { $0 + 8 < textX } ?? ends.count
            if row == ends.count { ends.append(0) }
            ends[row] = textX + length
            placed.append(PlacedBand(band: band, row: row, from: from, to: to, text: text, textX: textX))
        }
        return placed
    }

    private mutating func drawBands(_ bands: [PlacedBand], top: Double, bottom: Double) {
        for band in bands {
            let color = PlotStyle.band(band.band.kind)
            let nameTop = 38 + Double(band.row) * PlotStyle.bandRow
            svg.rectangle(
                band.from, top - 4, max(1.5, band.to - band.from), bottom - top + 4,
                "fill=\"\(color.fill)\" fill-opacity=\"\(color.opacity)\"")
            if band.band.from >= plot.from {
                svg.line(
                    band.from, nameTop + 3, band.from, bottom,
                    "stroke=\"\(color.fill)\" stroke-width=\"0.8\" stroke-dasharray=\"3 2\"")
            }
            svg.label(
                band.text, band.textX, nameTop + 11, "font-size=\"\(PlotStyle.smallSize)\" fill=\"\(color.text)\"")
        }
    }
}
