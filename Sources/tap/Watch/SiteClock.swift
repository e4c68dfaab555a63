import TapConfig
import TapCore
import TapFormats
import TapWatch

/// What clocks of a site show, by its time zone.
struct SiteClock: ClockReader {
    private let text: ClockText

    /// Blocks for as long as the file system does.
    ///
    /// - Throws: a zone that this machine does not know, where a claim of the site is one of the time.
    init(_ site: Site) throws(TapError) {
        let isNeeded = site.sources.contains { $0.tags.contains { $0.kind == .clock } }
        text = ClockText(zone: isNeeded && !site.zone.isEmpty ? try ZoneRules(site.zone) : nil)
    }

    func readings(of text: String) -> [ClockReading] {
        self.text.readings(of: text).map {
            ClockReading(earliest_ns: $0.earliest_ns, latest_ns: $0.latest_ns, excess_ns: $0.excess_ns)
        }
    }
}
