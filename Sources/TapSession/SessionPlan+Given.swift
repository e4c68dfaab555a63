import TapClaims
public import TapConfig
public import TapCore
import TapDriver
public import TapFormats

extension Site {
    /// What is looked for in a file that others wrote: the tags of these sources.
    ///
    /// - Throws: a zone that this machine does not know.
    public func claims(of sources: [SiteClaimSource]) throws(TapError) -> ClaimsOptions {
        var options = ClaimsOptions(
            sources.flatMap { source in
                source.tags.map { tag in
                    ClaimTag(TagInfo(id: TagID(0), name: tag.name, source: source.name, unit: tag.unit), tag.claimKind)
                }
            })
        guard options.tags.count < Int(UInt16.max) else {
            throw TapError(.configuration, name, "has more than 65,534 tags", remedy: "leave some out")
        }
        if sources.count == 1 { options.source = sources[0].name }
        if !zone.isEmpty { options.zone = try ZoneRules(zone) }
        options.latest_ns = RealtimeClock().now().nanoseconds
        return options
    }

    /// The same, of sources that others speak for through a socket: of registers only what they hold, and what is written.
    func claims(through sources: [SiteClaimSource]) throws(TapError) -> ClaimsOptions {
        var options = try claims(of: sources)
        for source in sources {
            guard case .packets = source.origin else { continue }
            let names = Set(source.tags.filter { $0.register == nil }.map(\.name))
            options.tags.removeAll { $0.info.source == source.name && names.contains($0.info.name) }
            guard source.writes != nil else { continue }
            options.tags.append(
                ClaimTag(TagInfo(id: TagID(0), name: BusWrite.tag, source: source.name), .text))
        }
        return options
    }
}

extension SessionPlan {
    /// Adds claims of a file that others write, of a site's sources that this session does not have yet. Beside wires that are
    /// there they come as they are written; otherwise at their times, or with the first one at the beginning where there is no
    /// date on one side. Before the session is opened. Blocks for as long as the file system does.
    ///
    /// - Throws: what cannot be read; nothing to look for.
    public mutating func give(_ path: String, _ site: Site) throws(TapError) {
        try give(path, site.sources, site)
    }

    mutating func give(_ path: String, _ wanted: [SiteClaimSource], _ site: Site) throws(TapError) {
        let present = sources.flatMap { $0.info.tags.map(\.source) }
        let others = wanted.filter { !present.contains($0.name) }
        guard others.contains(where: { !$0.tags.isEmpty }) else {
            throw TapError(
                .configuration, printable(path), "is not needed: all sources of the site make claims here already",
                remedy: "leave it out, or name its source in the site file")
        }
        var options = try site.claims(of: others)
        switch wires {
        case .board:
            let source = FollowedSource(path, options, firstTag: nextTag())
            add(source, lines: 0, devices: 0)
            return
        case .scenario:
            options.start = ClaimsOptions.Start(utc_ns: nil, origin: .zero)
            guard let length = self.options.duration else { break }
            let reader = try ClaimsReader(path, options)
            return try give(WindowReader(reader, from: .zero, to: length))
        case .file(let recorded):
            let utc = recorded.fix.map {
                $0.utcNanoseconds &+ UInt64(bitPattern: (recorded.origin - $0.monotonic).count)
            }
            options.start = ClaimsOptions.Start(utc_ns: utc, origin: recorded.origin)
        }
        let reader = try ClaimsReader(path, options)
        try give(reader)
    }
}
