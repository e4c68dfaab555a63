import ArgumentParser
import TapCommand
import TapConfig
import TapCore

/// What of a site is watched as if nobody tapped it.
struct LeftOutArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Watch as if nobody tapped this signal, or this source of claims: what is found then? May be repeated.",
            valueName: "name"))
    var without: [String] = []

    /// - Throws: where the site has no such signal or source.
    func names(of site: Site, in file: String) throws(TapError) -> Set<String> {
        let known = site.sources.map(\.name) + site.signals.map(\.name)
        for name in without where !known.contains(name) {
            throw TapError(
                .usage, "--without \(printable(name))", "is no signal and no source of claims of \(printable(file))",
                remedy: "it has \(known.map { printable($0) }.joined(separator: ", "))")
        }
        return Set(without)
    }
}
