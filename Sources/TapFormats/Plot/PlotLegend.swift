/// What the strokes and shades of a picture mean: those that are in it.
struct PlotLegend {
    enum Sign: Equatable {
        case signal, claim, claimedLimit, loopLimit, loss
        case band(Plot.Band.Kind)
    }

    private(set) var entries: [(sign: Sign, text: String)] = []

    init(_ lanes: [PlotLane], _ bands: [Plot.Band]) {
        if lanes.contains(where: { !$0.isClaim }) { entries.append((.signal, "captured signal")) }
        if lanes.contains(where: { $0.isClaim || !$0.claims.isEmpty }) { entries.append((.claim, "claim")) }
        if lanes.contains(where: { $0.overlays.contains(where: \.isLimit) }) {
            entries.append((.claimedLimit, "claimed limit"))
        }
        if lanes.contains(where: { !$0.loopLimits.isEmpty }) { entries.append((.loopLimit, "NAMUR NE 43")) }
        if lanes.contains(where: { !$0.losses.isEmpty }) { entries.append((.loss, "loss")) }
        for kind in Plot.Band.Kind.allCases where bands.contains(where: { $0.kind == kind }) {
            entries.append((.band(kind), kind.rawValue))
        }
    }

    /// Draws it in one row.
    func draw(into svg: inout SVGText, x: Double, y: Double) {
        var x = x
        for (sign, text) in entries {
            draw(sign, into: &svg, x, y)
            svg.label(text, x + 24, y + 3.5, "font-size=\"\(PlotStyle.smallSize)\"")
            x += 24 + SVGText.width(text, size: PlotStyle.smallSize) + 18
        }
    }

    private func draw(_ sign: Sign, into svg: inout SVGText, _ x: Double, _ y: Double) {
        switch sign {
        case .signal: svg.line(x, y, x + 18, y, "stroke=\"\(PlotStyle.signal)\" stroke-width=\"1.4\"")
        case .claim:
            svg.line(x, y, x + 18, y, "stroke=\"\(PlotStyle.claim)\" stroke-width=\"4.5\" stroke-opacity=\"0.4\"")
        case .claimedLimit:
            svg.line(x, y, x + 18, y, "stroke=\"\(PlotStyle.claim)\" stroke-dasharray=\"6 3\"")
        case .loopLimit: svg.line(x, y, x + 18, y, "stroke=\"\(PlotStyle.limit)\" stroke-dasharray=\"2 2\"")
        case .loss:
            svg.rectangle(
                x, y - 5, 18, 10,
                "fill=\"url(#loss)\" fill-opacity=\"0.75\" stroke=\"\(PlotStyle.loss)\" stroke-width=\"0.6\"")
        case .band(let kind):
            let color = PlotStyle.band(kind)
            svg.rectangle(
                x, y - 5, 18, 10,
                "fill=\"\(color.fill)\" fill-opacity=\"\(max(0.2, color.opacity))\" stroke=\"\(color.text)\" stroke-width=\"0.5\""
            )
        }
    }
}
