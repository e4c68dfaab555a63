import TapCore

extension PlotPicture {
    /// The vertical axis of a lane.
    struct Scale {
        var low: Double
        var high: Double
        var top: Double
        var height: Double

        func place(_ value: Double) -> Double { top + height - (value - low) / (high - low) * height }
    }

    mutating func drawAnalog(_ lane: PlotLane, _ y: Double) {
        guard let scale = PlotPicture.scale(lane, y) else {
            svg.label(
                "no samples", left + 6, y + lane.height / 2, "font-size=\"11\" fill=\"\(PlotStyle.faint)\"")
            return
        }
        svg.rectangle(left, y, width, lane.height, "fill=\"none\" \(PlotStyle.grid)")
        let prefix = lane.prefix.scale
        for tick in PlotAxis.quantity(from: scale.low * prefix, to: scale.high * prefix, most: 4).ticks {
            let height = scale.place(tick.value / prefix)
            svg.line(left, height, left + width, height, PlotStyle.grid)
            svg.label(tick.text, left - 6, height + 3.5, "font-size=\"10\" text-anchor=\"end\"")
        }
        for overlay in lane.overlays {
            guard case .claimedValue(let trace) = overlay.content else { continue }
            let place = { scale.place($0 * overlay.factor) }
            if overlay.isLimit {
                svg.path(
                    held(trace, place),
                    "fill=\"none\" stroke=\"\(PlotStyle.claim)\" stroke-width=\"0.9\" stroke-dasharray=\"6 3\"")
            } else if trace.isDense {
                svg.path(
                    envelope(trace, place),
                    "fill=\"\(PlotStyle.claim)\" fill-opacity=\"0.4\" stroke=\"\(PlotStyle.claim)\" stroke-width=\"4\" stroke-opacity=\"0.4\""
                )
            } else {
                svg.path(dots(trace, 2.6, place), "fill=\"\(PlotStyle.claim)\" fill-opacity=\"0.4\"")
            }
        }
        switch lane.content {
        case .analog(let trace): draw(trace, PlotStyle.signal) { scale.place($0 * lane.factor + lane.offset) }
        case .claimedValue(let trace) where !trace.isDense:
            svg.path(dots(trace, 1.8, scale.place), "fill=\"\(PlotStyle.claim)\"")
        case .claimedValue(let trace): draw(trace, PlotStyle.claim, scale.place)
        case .digital, .claimedLevel, .claimedText: break
        }
        drawLimits(lane, scale)
    }

    private static func scale(_ lane: PlotLane, _ y: Double) -> Scale? {
        guard let range = lane.range else { return nil }
        var (low, high) = (range.lowerBound, range.upperBound)
        for limit in lane.loopLimits { (low, high) = (min(low, limit.value), max(high, limit.value)) }
        if high - low < 1e-12 * max(1e-12, high.magnitude) {
            let reach = high == 0 ? 1 : high.magnitude * 0.1
            (low, high) = (low - reach, high + reach)
        }
        let pad = (high - low) * 0.06
        return Scale(low: low - pad, high: high + pad, top: y, height: lane.height)
    }

    /// The lines of NE 43, and the names of all limits as far as they have room.
    private mutating func drawLimits(_ lane: PlotLane, _ scale: Scale) {
        var labels: [(y: Double, text: String, color: String)] = []
        for limit in lane.loopLimits {
            let y = scale.place(limit.value)
            svg.line(
                left, y, left + width, y,
                "stroke=\"\(PlotStyle.limit)\" stroke-width=\"0.9\" stroke-dasharray=\"2 2\"")
            labels.append((y, limit.text, PlotStyle.limit))
        }
        for overlay in lane.overlays where overlay.isLimit {
            guard case .claimedValue(let trace) = overlay.content, let last = trace.last else { continue }
            labels.append((scale.place(last.value * overlay.factor), overlay.name, PlotStyle.claim))
        }
        var taken: [(x: ClosedRange<Double>, y: Double)] = []
        for (label, y) in zip(labels, PlotPicture.baselines(labels.map { $0.y }, top: scale.top)) {
            let length = SVGText.width(label.text, size: 9.5) + 8
            // To the left of one that is too near.
            var end = left + width - 4
            while let other = taken.first(where: { ($0.y - y).magnitude < 11 && $0.x.overlaps(end - length...end) }) {
                end = other.x.lowerBound - 1
            }
            guard end - length > left else { continue }
            taken.append((end - length...end, y))
            svg.label(label.text, end, y, "font-size=\"9.5\" text-anchor=\"end\" fill=\"\(label.color)\"")
        }
    }

    /// Where the name of each line stands: above it, but below where there is no room or a higher one's name would be
    /// further down. So names are in the order of their lines.
    static func baselines(_ lines: [Double], top: Double) -> [Double] {
        var baselines = lines
        var least = top + 9
        for index in lines.indices.sorted(by: { lines[$0] < lines[$1] }) {
            baselines[index] = lines[index] - 3 < least ? lines[index] + 10 : lines[index] - 3
            least = max(least, baselines[index])
        }
        return baselines
    }

    private mutating func draw(_ trace: AnalogTrace, _ color: String, _ place: (Double) -> Double) {
        if trace.isDense {
            svg.path(
                envelope(trace, place),
                "fill=\"\(color)\" fill-opacity=\"0.55\" stroke=\"\(color)\" stroke-width=\"0.7\" stroke-linejoin=\"round\""
            )
            return
        }
        svg.path(
            line(trace, place), "fill=\"none\" stroke=\"\(color)\" stroke-width=\"1.3\" stroke-linejoin=\"round\"")
        if trace.points.count <= 100 { svg.path(dots(trace, 1.8, place), "fill=\"\(color)\"") }
    }

    /// Each value until the next.
    private func held(_ trace: AnalogTrace, _ place: (Double) -> Double) -> String {
        var data = ""
        var last: Double?
        func go(_ x: Double, _ value: Double) {
            guard value != last else { return }
            data +=
                last == nil
                ? "M\(SVGText.n(left + x)) \(SVGText.n(place(value)))"
                : "H\(SVGText.n(left + x))V\(SVGText.n(place(value)))"
            last = value
        }
        if trace.isDense {
            for (x, column) in trace.columns.enumerated() where column.count > 0 { go(Double(x), column.high) }
        } else {
            for point in trace.points { go(point.x, point.value) }
        }
        return data.isEmpty ? "" : data + "H\(SVGText.n(left + width))"
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
    private func dots(_ trace: AnalogTrace, _ radius: Double, _ place: (Double) -> Double) -> String {
        var data = ""
        let (one, two) = (SVGText.n(radius), SVGText.n(2 * radius))
        let circle = "a\(one) \(one) 0 1 0 \(two) 0a\(one) \(one) 0 1 0 -\(two) 0"
        // Those that would lie on one another are one.
        var last = -Double.infinity
        for point in trace.points where point.x - last > 2 {
            last = point.x
            data +=
                "M\(SVGText.n(left + point.x - radius)) \(SVGText.n(place(point.value)))\(circle)"
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
}
