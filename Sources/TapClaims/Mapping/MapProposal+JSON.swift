import TapCore
import TapDecode
import TapFormats

extension MapProposal {
    /// One JSON object; docs/claims.md describes it.
    public var json: String {
        JSON.object([
            ("answers", "\(answers)"), ("lasts_ns", "\(span.count)"), ("buses", strings(buses)),
            ("losses_on_bus", "\(lossesOnBus)"), ("other_answers", "\(otherAnswers)"), ("one_of", "\(thinned)"),
            ("busy_lines", strings(busyWires)), ("lossy_lines", strings(lossyWires)),
            ("registers", JSON.array(entries.map(json))), ("site", JSON.string(site)),
        ])
    }

    private func strings(_ texts: [String]) -> String { JSON.array(texts.map { JSON.string($0) }) }

    private func json(_ entry: Entry) -> String {
        var members: [(String, String?)] = [
            ("unit", "\(entry.unit)"), ("function", "\(entry.table.rawValue)"), ("address", "\(entry.address)"),
            ("words", "\(entry.words)"), ("order", JSON.string(entry.isLowFirst ? "low-first" : "high-first")),
            ("form", JSON.string(entry.form.rawValue)), ("bit", entry.bit.map { "\($0)" }),
            ("verdict", JSON.string(entry.verdict.rawValue)), ("wire", entry.wire.map { JSON.string($0) }),
            ("rivals", strings(entry.rivals)), ("changes", "\(entry.changes)"),
        ]
        switch entry.relation {
        case .level(let isInverted)?:
            members += [("relation", "\"level\""), ("inverted", isInverted ? "true" : "false")]
        case .count(let perEdge)?: members += [("relation", "\"count\""), ("each_edge", JSON.number(perEdge))]
        case .value(let slope, let offset, let filter)?:
            members += [
                ("relation", "\"value\""), ("slope", JSON.number(slope)), ("offset", JSON.number(offset)),
                ("filter_s", JSON.number(filter)), ("residual", entry.residual.map { JSON.number($0) }),
            ]
        case nil: break
        }
        members.append(("lag_s", entry.lag.map { "[\(JSON.number($0.lowerBound)),\(JSON.number($0.upperBound))]" }))
        members.append(("value", entry.constant.map { "\($0)" }))
        return JSON.object(members)
    }
}
