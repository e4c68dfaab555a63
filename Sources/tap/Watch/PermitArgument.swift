import ArgumentParser
import TapCommand
import TapConfig
import TapCore
import TapFormats
import TapWatch

/// `calibration for 2h: REASON`: what a person permits from the start of a watch on.
struct PermitArgument: ExpressibleByArgument {
    let text: String
    let permit: WatchRequest

    init?(argument: String) {
        guard let permit = WatchRequest("permit " + argument) else { return nil }
        text = argument
        self.permit = permit
    }

    /// - Throws: where the site has no such work.
    func check(_ site: Site) throws(TapError) {
        try permit.check(site, as: "--permit \(printable(text))")
    }
}
