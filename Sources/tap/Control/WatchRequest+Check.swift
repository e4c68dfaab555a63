import TapConfig
import TapCore
import TapFormats
import TapWatch

extension WatchRequest {
    /// Nobody remembers longer what was put aside.
    private static let longest = Nanoseconds.seconds(7 * 86_400)

    /// - Parameter subject: what it is called in the message; nil: by its own words.
    /// - Throws: where the site has no such thing, or it would last too long.
    func check(_ site: Site, as name: String? = nil) throws(TapError) {
        let name = name ?? "\(verb.rawValue) \(printable(subject))"
        guard time <= WatchRequest.longest else {
            throw TapError(
                .usage, name, "lasts for more than \(Words.span(WatchRequest.longest))",
                remedy: "give a shorter time, and ask again before it is over")
        }
        var brief = self
        brief.reason = ""
        guard !ShortText(brief.text).isCut else {
            throw TapError(.usage, name, "is too long for a note", remedy: "give it a shorter name in the site file")
        }
        switch verb {
        case .permit:
            let known = site.work.filter(\.needsPermit).map(\.name)
            guard !known.contains(subject) else { return }
            throw TapError(
                .usage, name, "names no work of site '\(site.name)' that needs a permit",
                remedy: known.isEmpty ? "it has none" : "it has \(known.joined(separator: ", "))")
        case .approve:
            guard let tag = site.approvable(subject) else {
                let known = site.approvable
                throw TapError(
                    .usage, name, "names no tag of site '\(site.name)' that has an approved value",
                    remedy: known.isEmpty
                        ? "it has none" : guess(subject, in: known) ?? "it has \(known.joined(separator: ", "))")
            }
            _ = try tag.approval(of: value)
        case .trust:
            let known = site.guarded.map(\.name)
            guard !known.contains(subject) else { return }
            throw TapError(
                .usage, name, "names no channel of site '\(site.name)' that is watched for steps",
                remedy: known.isEmpty
                    ? "it has none: none has 'back-within'" : "it has \(known.joined(separator: ", "))")
        case .shelve:
            let rules = WatchedSite(site, clock: try SiteClock(site)).rules
            let known = rules.map(\.name) + Set(rules.flatMap { $0.assets.map(\.name) }).sorted()
            guard !known.contains(subject) else { return }
            throw TapError(
                .usage, name, "names no rule or asset that site '\(site.name)' watches",
                remedy: guess(subject, in: known) ?? "'tap site check' names its rules")
        }
    }
}
