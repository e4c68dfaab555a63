import TapCore

/// Files of a proof that follow from its entries and chunks, for people and other programs: who verifies makes them again.
struct DerivedFiles {
    /// Names and bytes, in their order in a proof.
    private(set) var files: [(name: String, bytes: [UInt8])] = []

    /// - Parameters:
    ///   - entries: index and bytes, those of `proof`.
    ///   - key: of the log.
    ///   - sessions: of the segments that are in the proof, one of each.
    init(
        _ contents: ProofContents, entries: [(index: UInt64, bytes: [UInt8])], proof: LogProof, note: SignedNote,
        key: VerifierKey, sessions: [SessionMessage]
    ) {
        addKeys(contents, key)
        addSingles(contents, entries, proof, note)
        addOutside(contents)
        files.append((ProofNames.clock, DerivedFiles.clocks(contents, sessions)))
        files.append((ProofNames.configuration, DerivedFiles.configuration(contents, sessions)))
    }

    /// The log's and that of the epoch which signed the checkpoint: as verifier keys and as PEM.
    private mutating func addKeys(_ contents: ProofContents, _ key: VerifierKey) {
        add("keys/log", key)
        if let last = contents.handOvers.last?.entry, let epoch = VerifierKey(last.key) { add("keys/epoch", epoch) }
    }

    private mutating func add(_ name: String, _ key: VerifierKey) {
        files.append(("\(name).vkey", Array("\(key.text)\n".utf8)))
        files.append(("\(name).pem", Array(key.pem.utf8)))
    }

    /// Of the first chunk of each source.
    private mutating func addSingles(
        _ contents: ProofContents, _ entries: [(index: UInt64, bytes: [UInt8])], _ proof: LogProof, _ note: SignedNote
    ) {
        let leaves = entries.map { Digest.leaf($0.bytes) }
        var sources: Set<UInt32> = []
        for (index, chunk) in contents.chunks where sources.insert(chunk.source).inserted {
            guard let entry = entries.first(where: { $0.index == index }) else { continue }
            files.append((ProofNames.entry(index), entry.bytes))
            let single = TlogProof(index: index, path: proof.path(to: index, leaves), note: note)
            files.append((ProofNames.single(index), Array(single.text.utf8)))
        }
    }

    /// Cosignatures before the first chunk and behind the last, each as a note; and time stamps, each with what it is of.
    private mutating func addOutside(_ contents: ProofContents) {
        for place in contents.outside {
            let (index, cosignature) = contents.cosignatures[place]
            guard let (note, _) = cosignature.note(origin: contents.initial.origin) else { continue }
            files.append((ProofNames.outside(index), note.serialised))
        }
        for place in contents.stampedOutside {
            let (index, stamp) = contents.timeStamps[place]
            guard let text = stamp.text(origin: contents.initial.origin) else { continue }
            files.append((ProofNames.stamped(index), Array(text.utf8)))
            files.append((ProofNames.stamp(index), stamp.token))
        }
    }

    static func provenance(_ contents: ProofContents) -> String {
        "provenance: \(contents.provenance), origin \(contents.origin)"
    }

    /// A row for each clock fix: that of each session's start, then those in chunks.
    private static func clocks(_ contents: ProofContents, _ sessions: [SessionMessage]) -> [UInt8] {
        var text = "# \(provenance(contents))\n"
        text +=
            "session,source,monotonic_ns,utc_ns,bracket_ns,synchronised,since_synchronised_ns,kernel_maximum_error_ns\n"
        func add(_ session: UInt64, _ source: String, _ fix: ClockFix) {
            let since = fix.sinceSynchronised.map { "\($0.count)" } ?? ""
            text +=
                "\(session),\(source),\(fix.monotonic.nanoseconds),\(fix.utcNanoseconds),\(fix.bracket.count),"
                + "\(fix.isSynchronised ? 1 : 0),\(since),\(fix.kernelMaximumError.count)\n"
        }
        for session in sessions { if let fix = session.header.fix { add(session.session, "", fix) } }
        for (_, chunk) in contents.chunks {
            for fix in chunk.clockFixes { add(chunk.session, "\(chunk.source)", fix) }
        }
        return Array(text.utf8)
    }

    /// The sources of each session and what they record, as its segments say.
    private static func configuration(_ contents: ProofContents, _ sessions: [SessionMessage]) -> [UInt8] {
        var lines = [provenance(contents)]
        for session in sessions {
            let header = session.header
            lines.append(
                "session \(session.session): board \(printable(header.board)), tap \(header.version), kernel \(printable(header.kernel))"
            )
            if let pulse = header.shortestPulse { lines.append("  shortest detectable pulse: \(pulse.count) ns") }
            lines += header.notes.map { "  note: \(printable($0))" }
            for (number, source) in header.sources.enumerated() {
                lines.append(
                    "  source \(number) '\(printable(source.name))': \(source.provenance.rawValue), clock \(source.clock.kind.rawValue)"
                )
                lines += source.lines.map(words) + source.devices.flatMap(words)
                lines += source.tags.map { "    tag \(printable($0.title)) \(printable($0.unit))".trimmedEnd }
                lines += source.limits.map { "    limit: \(printable($0))" }
            }
        }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    private static func words(_ line: LineInfo) -> String {
        let options = line.options
        return
            "    line \(printable(line.name)): chip \(printable(line.chip)) offset \(line.offset), pin \(printable(line.pin)), bias \(options.bias.rawValue), active \(options.isActiveLow ? "low" : "high"), edges \(options.edges.rawValue), debounce \(options.debounce.count) ns"
    }

    private static func words(_ device: DeviceInfo) -> [String] {
        ["    ADC \(printable(device.name)): \(device.bytesPerScan) bytes a scan"]
            + device.channels.map {
                "      channel \(printable($0.name)): \($0.format.description), offset \($0.offset), scale \($0.scale), unit \(printable($0.unit))"
            }
    }
}

extension String {
    fileprivate var trimmedEnd: String { String(self[..<(lastIndex { $0 != " " }.map(index(after:)) ?? startIndex)]) }
}
