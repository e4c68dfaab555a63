import ArgumentParser
import TapCommand
import TapConfig
import TapCore
import TapWatch

struct SiteCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Report every mistake in a site file, or what its rules mean.",
        usage: "tap site check <site> [--formulas]",
        discussion: """
            Reads a site file and the board or scenario that it names. Every mistake is reported as file:line:column, \
            what, and what to write. If there is none, prints of each claim that is compared and of each rule what it \
            means in one sentence, and after how long at the latest it speaks once it is broken; then what no rule \
            watches. Nothing is opened and nothing is asked.

            A rule speaks later than that while a value lies within the accuracy of a threshold, where nobody can \
            know, and after a loss.

            EXAMPLES
              tap site check sites/pump-station.yaml
              tap site check sites/pump-station.yaml --formulas

            EXIT STATUS
              0    the file is in order
              64   invalid command line
              65   invalid or unreadable site file
              73   standard output cannot be written
              141  standard output was closed by its reader
            """)

    @Argument(
        help: ArgumentHelp("A site file.", valueName: "site"), completion: .file(extensions: ["yaml"]))
    var file: String

    @Flag(help: "Print each rule as a formula of temporal logic instead.")
    var formulas = false

    func run() throws {
        SessionArguments.prepareToWrite()
        let site: Site
        do throws(TapError) { site = try CommandSite.load(file) } catch { throw ExitStatus.report(error) }
        try ExitStatus.print(
            formulas
                ? SiteCompiler.formulas(of: site).map { "\($0.name): \($0.formula)\n" }.joined()
                    + SiteCompiler.clearings(of: site).map { "\($0.name), over: \($0.formula)\n" }.joined()
                    + undecided(site)
                : site.survey)
    }

    private func undecided(_ site: Site) -> String {
        let names = SiteCompiler.undecided(of: site)
        return names.isEmpty ? "" : "! No formula decides \(names.joined(separator: ", ")).\n"
    }
}
