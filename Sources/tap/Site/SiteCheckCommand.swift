import ArgumentParser
import TapCommand
import TapConfig
import TapCore
import TapWatch

struct SiteCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Report every mistake in a site file, or what its rules mean.",
        usage: "tap site check <site> [--given <file> | --formulas]",
        discussion: """
            Reads a site file and the board or scenario that it names. Every mistake is reported as file:line:column, \
            what, and what to write. If there is none, prints of each claim that is compared and of each rule what it \
            means in one sentence, and after how long at the latest it speaks once it is broken; then what no rule \
            watches. Nothing is opened and nothing is asked.

            A rule speaks later than that while a value lies within the accuracy of a threshold, where nobody can \
            know, and after a loss.

            With --given it also reads claims, as 'tap watch SITE --given' would, and says where they do not fit the \
            site: tags of which nothing is said, claims that are not of their tag's kind or beyond what its wire can \
            measure, and tags that the site does not name. So a site that was written down from drawings is compared \
            with what a historian really has, before it is watched.

            EXAMPLES
              tap site check sites/pump-station.yaml
              tap site check sites/pump-station.yaml --formulas
              tap site check sites/pump-station.yaml --given hour.jsonl

            EXIT STATUS
              0    the file is in order
              64   invalid command line
              65   invalid or unreadable site file; or claims that cannot be
                   read, or do not fit it
              73   standard output cannot be written
              130  stopped by Ctrl-C within the claims (143: SIGTERM, 129: SIGHUP)
              141  standard output was closed by its reader
            """)

    @Argument(
        help: ArgumentHelp("A site file.", valueName: "site"), completion: .file(extensions: ["yaml"]))
    var file: String

    @Flag(help: "Print each rule as a formula of temporal logic instead.")
    var formulas = false

    @Option(
        help: ArgumentHelp(
            "Claims to compare with the site: JSON Lines or .csv, a capture, a store, or packets.", valueName: "file"),
        completion: .captures)
    var given: String?

    func validate() throws {
        if formulas, given != nil { throw ValidationError("--formulas and --given exclude each other") }
    }

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try check(CommandSite.load(file)) } catch { throw ExitStatus.report(error) }
    }

    private func check(_ site: Site) throws(TapError) {
        guard !formulas else {
            return try ExitStatus.print(
                SiteCompiler.formulas(of: site).map { "\($0.name): \($0.formula)\n" }.joined()
                    + SiteCompiler.clearings(of: site).map { "\($0.name), over: \($0.formula)\n" }.joined()
                    + undecided(site))
        }
        let fit = try given.map { given throws(TapError) in try GivenFit(given, site, in: file) }
        try ExitStatus.print(site.survey + (fit?.text ?? ""))
        guard let given, let mistakes = fit?.mistakes, !mistakes.isEmpty else { return }
        throw TapError(
            .configuration, printable(given),
            "does not fit the site: \(mistakes[0])\(mistakes.count > 1 ? ", and more" : "")",
            remedy: "correct the site file or the claims")
    }

    private func undecided(_ site: Site) -> String {
        let names = SiteCompiler.undecided(of: site)
        return names.isEmpty ? "" : "! No formula decides \(names.joined(separator: ", ")).\n"
    }
}
