import TapCore

extension StartEntry {
    init(session: UInt64, _ header: SessionHeader, on machine: StoreMachine, headerDigest: [UInt8]) {
        self.init()
        self.session = session
        bootID = machine.boot
        machineID = machine.machine
        version = header.version
        programSHA256 = machine.program
        headerSHA256 = headerDigest
        sources = header.sources.map { SourceTable($0) }
    }

    mutating func setLimits(_ options: StoreOptions) {
        guard options.isLimited else { return }
        (keepBytes, keepFor, keepFree) = (options.keepBytes, options.keepFor, options.keepFree)
        shares = options.shares.sorted { $0.key < $1.key }.filter { $0.value != 1 }
            .map { SourceShare(source: $0.key, parts: $0.value) }
    }

    /// By the machine's clock at the start: nanoseconds since 1970; nil: the source has no clock of this machine, or there
    /// was no date.
    func utc(_ time: Timestamp, of source: Int) -> UInt64? {
        let table = source < sources.count ? sources[source] : SourceTable()
        guard utc_ns != 0, table.clock != ClockKind.virtual.rawValue, table.clock != ClockKind.file.rawValue else {
            return nil
        }
        let since = (time + table.offsetToMonotonic) - monotonic
        return utc_ns &+ UInt64(bitPattern: since.count)
    }

    /// Facts of a line, and of a device or tag, in an entry take so many bytes at most; the rest of the entry fewer than the
    /// last.
    private static let mostOfLine = 112
    private static let mostOfOther = 40
    private static let mostOfRest = 4_096

    /// - Throws: it is longer than an entry can be, or an entry of a chunk could be.
    func checkSize() throws(StoreProblem) {
        var longest = encoded().count
        for source in sources {
            let others = source.devices.count + source.tags.count
            longest = max(
                longest,
                source.lines.count * StartEntry.mostOfLine + others * StartEntry.mostOfOther + StartEntry.mostOfRest)
        }
        guard longest > Tile.longestEntry else { return }
        let count = sources.reduce(0) { $0 + $1.lines.count + $1.devices.count + $1.tags.count }
        throw StoreProblem(
            "",
            "cannot hold a session of \(count) lines, ADCs and tags: an entry could have \(longest) bytes, and \(Tile.longestEntry) are possible",
            "record fewer of them, and the others into another store")
    }

    /// nil: nothing that matters for reading differs.
    func changes(since before: StartEntry) -> ChangeEntry? {
        var what: [String] = []
        func add(_ name: String, _ old: String, _ new: String) {
            if old != new { what.append("\(name): \(old) before, now \(new)") }
        }
        add("version", before.version, version)
        if before.programSHA256 != programSHA256 { what.append("program: other bytes") }
        func limit(_ value: UInt64?) -> String { value.map { "\($0)" } ?? "none" }
        add("most bytes of segments", limit(before.keepBytes), limit(keepBytes))
        add("most recorded time, ns", limit(before.keepFor?.word), limit(keepFor?.word))
        func parts(_ shares: [SourceShare]) -> [String: UInt64] {
            Dictionary(shares.map { ($0.source, $0.parts) }) { first, _ in first }
        }
        let (oldParts, newParts) = (parts(before.shares), parts(shares))
        for source in Set(oldParts.keys).union(newParts.keys).sorted() {
            add("share of source \(source)", "\(oldParts[source] ?? 1)", "\(newParts[source] ?? 1)")
        }
        if before.machineID != machineID { what.append("machine: another one") }
        let old = Dictionary(before.sources.map { ($0.name, $0) }) { first, _ in first }
        for source in sources {
            let place = "source \(source.name)"
            guard let was = old[source.name] else {
                what.append("\(place): new")
                continue
            }
            add("\(place), provenance", was.provenance, source.provenance)
            add("\(place), clock", was.clock, source.clock)
            add("\(place), capabilities", "\(was.capabilities)", "\(source.capabilities)")
            what += Subject.changes("\(place), line", was.lines, source.lines)
            what += Subject.changes("\(place), ADC", was.devices, source.devices)
            what += Subject.changes("\(place), tag", was.tags, source.tags)
        }
        let names = Set(sources.map(\.name))
        what += before.sources.filter { !names.contains($0.name) }.map { "source \($0.name): not any more" }
        guard !what.isEmpty else { return nil }
        let most = 100
        let more = what.count > most ? ["and \(what.count - most) more"] : []
        return ChangeEntry(session: session, what: what.prefix(most).map { String($0.prefix(200)) } + more)
    }
}

extension Subject {
    fileprivate static func changes(_ kind: String, _ before: [Subject], _ now: [Subject]) -> [String] {
        let old = Dictionary(before.map { ($0.name, $0) }) { first, _ in first }
        let names = Set(now.map(\.name))
        return now.compactMap { subject in
            guard var was = old[subject.name] else { return "\(kind) \(subject.name): new" }
            was.number = subject.number
            return was == subject ? nil : "\(kind) \(subject.name): configured otherwise"
        } + before.filter { !names.contains($0.name) }.map { "\(kind) \($0.name): not any more" }
    }
}
