import TapCore

/// What the header of a JSON Lines capture says that its sources give, and whether the records are so.
///
/// A header without capabilities promises nothing.
struct JSONLinesPromises: Sendable {
    /// Of the source of each line, device and tag; nil: the header does not say.
    var lines: [SourceInfo.Capabilities?] = []
    var devices: [SourceInfo.Capabilities?] = []
    var tags: [SourceInfo.Capabilities?] = []
    /// Lines of which a level, a reading or a loss is there.
    private var known: Set<LineID> = []
    private var unpromised: [Unpromised] = []

    /// Records that are not what one capability says.
    private struct Unpromised {
        var noun: String
        var what: String
        var count: UInt64
        /// Of the first, in the file.
        var line: Int
    }

    /// - Parameter line: of the file; likewise below.
    mutating func take(_ edge: Edge, line: Int) {
        guard let capabilities = lines[Int(edge.line.index)] else { return }
        if !capabilities.contains(.edges) {
            add("edge", ", of a source without 'edges'", line)
        } else if edge.flags.contains(.unnumbered), capabilities.contains(.countsQueueLoss) {
            add("edge", " without the kernel's numbers, of a source with 'counts-queue-loss'", line)
        }
    }

    mutating func take(_ scan: ScanBlock, line: Int) {
        guard let capabilities = devices[Int(scan.device.index)], !capabilities.contains(.scans) else { return }
        add("scan", ", of a source without 'scans'", line)
    }

    mutating func take(claimOf tag: TagID, line: Int) {
        guard let capabilities = tags[Int(tag.index)], !capabilities.contains(.claims) else { return }
        add("claim", ", of a source without 'claims'", line)
    }

    mutating func isKnown(_ line: LineID) { known.insert(line) }

    private mutating func add(_ noun: String, _ what: String, _ line: Int) {
        guard let index = unpromised.firstIndex(where: { $0.noun == noun && $0.what == what }) else {
            unpromised.append(Unpromised(noun: noun, what: what, count: 1, line: line))
            return
        }
        unpromised[index].count += 1
    }

    /// What is not as the header says, a sentence each.
    ///
    /// - Parameter isTorn: more may have been in the file.
    func remarks(_ header: SessionHeader, isTorn: Bool) -> [String] {
        var remarks = unpromised.map {
            "\(counted($0.count, $0.noun))\($0.what) in the header, the first in line \($0.line)"
        }
        let silent = header.lines.indices.filter {
            lines[$0]?.contains(.readsLevels) == true && !known.contains(header.lines[$0].id)
        }
        if !isTorn, !silent.isEmpty {
            let names = silent.prefix(8).map { header.lines[$0].name }.joined(separator: ", ")
            let more = silent.count > 8 ? " and \(silent.count - 8) more" : ""
            remarks.append("no level of \(names)\(more), of a source with 'reads-levels' in the header")
        }
        return remarks
    }
}
