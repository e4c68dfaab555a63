import TapCore

extension PlotPicture {
    mutating func draw(_ lane: PlotLane, _ y: Double) {
        label(lane, y)
        switch lane.content {
        case .digital(let trace):
            for case .claimedLevel(let claim) in lane.overlays.map(\.content) {
                draw(claim, y, lane.height, Stroke(color: PlotStyle.claim, isBelow: true))
            }
            draw(trace, y, lane.height, Stroke(color: PlotStyle.signal))
        case .claimedLevel(let trace): draw(trace, y, lane.height, Stroke(color: PlotStyle.claim))
        case .claimedText(let words): draw(words, y, lane.height)
        case .analog, .claimedValue: drawAnalog(lane, y)
        }
        for loss in lane.losses {
            let from = left + loss.lowerBound
            svg.rectangle(
                from - 1.5, y, max(4, loss.upperBound - loss.lowerBound), lane.height,
                "fill=\"url(#loss)\" fill-opacity=\"0.75\" stroke=\"\(PlotStyle.loss)\" stroke-width=\"0.6\"")
        }
    }

    /// Its name, its unit, and the claims that lie over it.
    private mutating func label(_ lane: PlotLane, _ y: Double) {
        let room = left - 16 - (lane.hasAxis ? 56 : 12)
        var rows = [(lane.name, lane.isClaim ? PlotStyle.claim : PlotStyle.ink)]
        rows += lane.claims.map { ($0.name, PlotStyle.claim) }
        if !lane.unit.isEmpty { rows.append(("[\(lane.prefix.text)\(lane.unit)]", PlotStyle.faint)) }
        var base = y + lane.height / 2 + 4 - 7.5 * Double(rows.count - 1)
        for (text, color) in rows {
            svg.label(
                SVGText.fitted(text, size: PlotStyle.nameSize, width: room), 16, base, "fill=\"\(color)\"")
            base += 15
        }
    }
}
