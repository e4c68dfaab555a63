import TapCore
import TapFormats
import TapSession

/// The summary of a capture, printed when it ends.
enum Summary {
    /// Of a session whose first consumer counts.
    ///
    /// - Parameter from: what came earlier, since the start, is not in it.
    static func lines(_ result: SessionResult, from: Nanoseconds) -> [String] {
        let header = result.header
        guard let statistics = result.consumers[0].statistics else { return [] }
        let scans = statistics.scans.reduce(0, +)
        var what: [String] = []
        if !header.lines.isEmpty {
            what.append("\(counted(statistics.edges, "edge")) on \(counted(header.lines.count, "line"))")
        }
        if !header.devices.isEmpty {
            what.append("\(counted(scans, "scan")) of \(counted(header.devices.count, "ADC"))")
        }
        if !header.tags.isEmpty {
            what.append("\(counted(statistics.claims, "claim")) of \(counted(header.tags.count, "tag"))")
        }
        let lasted = Words.span(max(.zero, result.lasted - from))
        let begin = from > .zero ? ", from \(Words.span(from)) on" : ""
        var text = [
            "captured \(lasted) of \(header.provenance.rawValue) signals\(begin): \(what.joined(separator: ", "))"
        ]
        text += StatisticsText.lines(header, statistics).map { "  \($0)" }
        if result.consumers[0].failure?.kind == .output {
            text.append("losses: everything after the output failed")
            if !statistics.losses.isEmpty { text += losses(header, statistics) }
        } else {
            text += losses(header, statistics)
        }
        text += readings(statistics)
        if statistics.lateRecords > 0 {
            text.append("\(counted(statistics.lateRecords, "record")) arrived late, out of order")
        }
        text += statistics.ownNotes.map { printable($0.text.text) }
        let more = Int(statistics.ownNoteCount) - statistics.ownNotes.count
        if more > 0 { text.append("and \(counted(more, "more note")) in the capture") }
        for source in result.sources
        where source.edges > 0 && ![.simulated, .replayed].contains(source.info.provenance) {
            guard let median = source.delays.quantile(0.5), let high = source.delays.quantile(0.999) else { continue }
            text.append(
                "\(source.info.name): from kernel timestamp to ring: median \(Words.span(median)), 99.9% \(Words.span(high)), longest \(Words.span(source.delays.maximum))"
            )
        }
        return text
    }

    private static func losses(_ header: SessionHeader, _ statistics: CaptureStatistics) -> [String] {
        guard statistics.losses.isEmpty else {
            return ["losses:"] + StatisticsText.losses(header, statistics).map { "  \($0)" }
        }
        // What is computed here can hide nothing, unless a kernel is computed with it.
        let hasKernel =
            header.lines.contains { $0.queueHeld != nil } || header.devices.contains { $0.method == .buffered }
        if header.provenance == .simulated, header.seed != nil, !hasKernel { return ["losses: none"] }
        if header.provenance == .replayed { return ["losses: none recorded in the file"] }
        var text: [String] = []
        if !header.lines.isEmpty {
            text.append(
                "losses: none detected (pulses shorter than the interrupt latency cannot be detected)"
            )
        }
        for device in header.devices {
            text.append(
                "losses of \(device.name): "
                    + (device.isTimestamped ? "none detected" : "cannot be detected (its scans have no timestamps)"))
        }
        return text
    }

    /// That levels were read again is what makes a quiet line known to be quiet.
    private static func readings(_ statistics: CaptureStatistics) -> [String] {
        let agreed = statistics.lines.reduce(0) { $0 + $1.rereadsAgreed }
        let failed = statistics.lines.reduce(0) { $0 + $1.rereadsFailed }
        guard agreed + failed > 0 else { return [] }
        return ["levels read again: \(agreed) agreed, \(failed == 0 ? "none" : "\(failed)") failed"]
    }
}
