import ArgumentParser
import TapCommand
import TapConfig
import TapCore
import TapFormats
import TapWatch

/// `calibration for 2h: REASON`: what a person permits from the start of a watch on.
struct PermitArgument: ExpressibleByArgument {
    let text: String
    let permit: WorkPermit

    init?(argument: String) {
        guard let permit = WorkPermit("permit " + argument) else { return nil }
        text = argument
        self.permit = permit
    }

    /// - Throws: where the site has no such work.
    func check(_ site: Site) throws(TapError) {
        let known = site.work.filter(\.needsPermit).map(\.name)
        guard !known.contains(permit.work) else { return }
        throw TapError(
            .usage, "--permit \(printable(text))", "names no work of site '\(site.name)' that needs a permit",
            remedy: known.isEmpty ? "it has none" : "it has \(known.joined(separator: ", "))")
    }
}
