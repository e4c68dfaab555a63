import TapCommand
import TapConfig
import TapCore
import TapFormats
import TapSession

/// How claims that somebody gives fit a site: tags that one of the two has and the other has not, and values that no claim of
/// its tag can have.
///
/// Memory is that of the site's tags. Not thread-safe.
struct GivenFit: RecordSink {
    fileprivate struct Fit: Sendable {
        let name: TagName
        let tag: SiteTag
        /// What the channel can measure that it must agree with, in the SI's base; nil: it need not agree with one alone.
        let limits: (wire: String, values: ClosedRange<Double>)?
        /// From what is claimed to the SI's base.
        var scale = (zero: 0.0, size: 1.0)
        var claims = 0
        var first: Claim.Value?
        var isSteady = true
        /// Claims that are not of the tag's kind, and the first of them.
        var unfit = 0
        var firstUnfit = ""
        /// Claims beyond the limits, and between what they lie, in the SI's base.
        var beyond = 0
        var least = Double.infinity
        var most = -Double.infinity
    }

    private let path: String
    private var fits: [Fit]
    /// Of the session's tags, which each is.
    private var places: [TagID: Int] = [:]
    /// Tags of a capture that the site does not name.
    private var strangers: [String] = []
    private var remarks: [String] = []
    private var span: ClosedRange<Timestamp>?

    /// Reads all of it. Blocks for as long as the file system does.
    ///
    /// - Parameters:
    ///   - path: JSON Lines or a table, a capture or a store with claims, or packets.
    ///   - file: the site file.
    /// - Throws: what cannot be read, or has no claim of the site's tags.
    init(_ path: String, _ site: Site, in file: String) throws(TapError) {
        self.path = path
        fits = site.sources.flatMap { source in
            source.tags.map { tag in
                Fit(name: TagName(source: source.name, tag: tag.name), tag: tag, limits: site.limits(of: tag))
            }
        }
        if try CaptureInput.isClaims(path) {
            var options = try site.claims(of: site.sources)
            options.namesAll = true
            try read(ClaimsReader(path, options))
        } else {
            try read(CaptureInput.open(path, ReadOptions(), site: file))
        }
    }

    private mutating func read(_ reader: consuming any CaptureReader & ~Copyable) throws(TapError) {
        for info in reader.header.tags where info.name != BusWrite.tag {
            guard let place = fits.firstIndex(where: { $0.name == TagName(source: info.source, tag: info.name) }) else {
                strangers.append(info.title)
                continue
            }
            places[info.id] = place
            fits[place].scale = fits[place].tag.base(ofUnit: info.unit)
        }
        guard !places.isEmpty else {
            throw TapError(
                .configuration, printable(path), "makes no claim of a tag that the site names",
                remedy: "name tags as the site file does")
        }
        var buffer = RecordBuffer()
        var isMore = true
        while isMore {
            isMore = try reader.read(into: &buffer)
            buffer.drain(into: &self)
            guard Interruption.signal == nil else {
                throw TapError(.interrupted, printable(path), "was interrupted", remedy: "it is not read to its end")
            }
        }
        remarks = reader.remarks
    }

    mutating func edge(_ edge: Edge) {}
    mutating func scans(_ block: ScanBlock, raw: RawSpan) {}

    mutating func event(_ event: Event) {
        guard case .claim(let claim) = event, let place = places[claim.tag] else { return }
        span = min(span?.lowerBound ?? claim.time, claim.time)...max(span?.upperBound ?? claim.time, claim.time)
        fits[place].take(claim)
    }

    /// Where site and claims do not fit, a sentence each.
    var mistakes: [String] {
        let unsaid = fits.filter { $0.claims == 0 }.map(\.name.description).joined(separator: ", ")
        return (unsaid.isEmpty ? [] : ["nothing is said of \(unsaid)"]) + fits.flatMap(\.mistakes)
    }

    /// For people.
    var text: String {
        let said = fits.filter { $0.claims > 0 }
        let time =
            span.map { DurationText.exact(.seconds(($0.upperBound - $0.lowerBound).count / 1_000_000_000)) } ?? "0s"
        let steady = said.filter { $0.isSteady && $0.claims > 1 }.map(\.name.description).joined(separator: ", ")
        let passed = strangers.isEmpty ? [] : ["the site does not name \(strangers.joined(separator: ", "))"]
        return "\n\(printable(path)): \(counted(said.reduce(0) { $0 + $1.claims }, "claim")) of "
            + "\(counted(said.count, "tag")) within \(time)\n"
            + (steady.isEmpty ? "" : "  Always the same: \(steady)\n")
            + (mistakes + passed + remarks).map { "! \(printable($0, longest: .max))\n" }.joined()
    }
}

extension GivenFit.Fit {
    fileprivate mutating func take(_ claim: Claim) {
        claims += 1
        isSteady = isSteady && first ?? claim.value == claim.value
        first = first ?? claim.value
        if case .number(let number) = claim.value { measure(number, claim.quality) }
        guard !isFitting(claim.value) else { return }
        unfit += 1
        if unfit == 1 { firstUnfit = claim.value.written }
    }

    private func isFitting(_ value: Claim.Value) -> Bool {
        switch (tag.kind, value) {
        // Whoever says that there is no value need not have one.
        case (_, .number(let number)) where !number.isFinite: true
        case (.bool, .bool), (.number, .bool), (.number, .number), (.clock, .number): true
        case (.bool, .number(let number)): number == 0 || number == 1
        case (.words(let words), .text(let text)): words.contains(text.text)
        case (.clock, .text(let text)): !ClockText(zone: nil).readings(of: text.text).isEmpty
        case (.words, .bool), (.words, .number), (.bool, .text), (.number, .text), (.clock, .bool): false
        }
    }

    private mutating func measure(_ number: Double, _ quality: Claim.Quality) {
        guard let limits, number.isFinite, quality != .bad else { return }
        let base = scale.zero + number * scale.size
        guard !limits.values.contains(base) else { return }
        (beyond, least, most) = (beyond + 1, min(least, base), max(most, base))
    }

    fileprivate var mistakes: [String] {
        var mistakes: [String] = []
        if unfit > 0 {
            mistakes.append(
                "\(name): \(unfit) of \(claims) are \(wanted), the first '\(printable(firstUnfit, longest: 40))'")
        }
        if let limits, beyond > 0 {
            let said = least == most ? number(least) : "\(number(least)) to \(number(most))"
            mistakes.append(
                "\(name): \(beyond) of \(claims) are beyond what \(limits.wire) can measure, "
                    + "\(number(limits.values.lowerBound)) to \(number(limits.values.upperBound)) \(tag.unit): \(said)")
        }
        return mistakes
    }

    /// What its claims must be, and are not.
    private var wanted: String {
        switch tag.kind {
        case .bool: "neither true nor false"
        case .number: "no number"
        case .words(let words): "none of \(words.joined(separator: ", "))"
        case .clock: "no date with a time of day"
        }
    }

    /// In the tag's unit, to a thousandth.
    private func number(_ base: Double) -> String {
        let own = tag.base(ofUnit: tag.unit)
        return plain(((base - own.zero) / own.size * 1_000).rounded() / 1_000)
    }
}

extension Claim.Value {
    fileprivate var written: String {
        switch self {
        case .bool(let isTrue): "\(isTrue)"
        case .number(let number): plain(number)
        case .text(let text): text.text
        }
    }
}

extension Site {
    /// What the channel can measure that a tag must agree with, in the SI's base; nil: it need not agree with one alone.
    fileprivate func limits(of tag: SiteTag) -> (wire: String, values: ClosedRange<Double>)? {
        guard case .measure(.channel(let name)) = tag.agreement, let signal = signals.first(where: { $0.name == name }),
            let trusted = signal.trusted, let scale = signal.scale
        else { return nil }
        let ends = [trusted.lowerBound, trusted.upperBound].map {
            signal.base.zero + scale.value($0) * signal.base.size
        }
        return (name, min(ends[0], ends[1])...max(ends[0], ends[1]))
    }
}
