import TapCore

extension PlotPicture {
    /// How a level is drawn.
    struct Stroke {
        var color: String
        /// Wide and pale, for another is drawn over it.
        var isBelow = false

        var style: String {
            isBelow
                ? "stroke=\"\(color)\" stroke-width=\"5\" stroke-opacity=\"0.4\""
                : "stroke=\"\(color)\" stroke-width=\"1.4\""
        }
    }

    mutating func draw(_ trace: DigitalTrace, _ y: Double, _ height: Double, _ stroke: Stroke) {
        let (high, low) = (y + 3, y + height - 3)
        if !stroke.isBelow { svg.line(left, low, left + width, low, PlotStyle.grid) }
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
        svg.path(dense, "fill=\"\(stroke.color)\" fill-opacity=\"\(stroke.isBelow ? 0.25 : 0.45)\"")
        svg.path(narrow, "fill=\"\(stroke.color)\"")
        svg.path(data, "fill=\"none\" \(stroke.style)")
    }

    mutating func draw(_ words: [(x: Double, text: String)], _ y: Double, _ height: Double) {
        svg.line(left, y + height - 3, left + width, y + height - 3, PlotStyle.grid)
        for (index, word) in words.enumerated() {
            let end = index + 1 < words.count ? words[index + 1].x : width
            let from = max(0, word.x)
            guard end > 0, from < width else { continue }
            let text = SVGText.fitted(word.text, size: PlotStyle.smallSize, width: end - from - 6)
            svg.line(left + from, y + 2, left + from, y + height - 3, "stroke=\"\(PlotStyle.claim)\"")
            guard text.count > 1 || text == word.text else { continue }
            svg.label(
                text, left + from + 4, y + height - 8, "font-size=\"10.5\" fill=\"\(PlotStyle.claim)\"")
        }
    }
}
