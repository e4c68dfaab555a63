import ArgumentParser
import TapCommand
import TapConfig
import TapCore
import TapFormats
import TapWatch

struct IncidentShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one incident of a record in full.",
        usage: "tap incident show --site <file> <file> <number> [<options>]",
        discussion: """
            Watches a store or a capture again by the rules of a site and prints one incident as it stood in the end, and when \
            it changed. --events adds what wires and claims of its rules did around its beginning: each edge, each level that was \
            read, and each claim that is another than the one before, in order of time, with how exact its clock is. --picture draws what was claimed over \
            what the wires carried, from a minute before on.

            EXAMPLES
              tap incident show --site sites/pump-station.yaml plant 1
              tap incident show --site sites/pump-station.yaml plant 1 --events
              tap incident show --site sites/pump-station.yaml plant 1 \\
                --picture incident.svg

            EXIT STATUS
              0    it was shown
              64   invalid command line, or no incident of that number
              65   invalid or unreadable site, capture or store
              73   standard output or the picture cannot be written
              141  standard output was closed by its reader
            """)

    @OptionGroup var record: IncidentArguments
    @Argument(help: ArgumentHelp("The incident, as tap incident list numbers them.", valueName: "number"))
    var number: Int
    @Flag(help: "Add what wires and claims did around its beginning.")
    var events = false
    @Option(help: ArgumentHelp("How long before and after its first finding.", valueName: "duration"))
    var around = DurationArgument(.seconds(10))

    @Option(
        help: ArgumentHelp("A picture to write, .svg: what was claimed over what was.", valueName: "svg"),
        completion: .file(extensions: ["svg"]))
    var picture: String?
    @Flag(help: "Replace the picture if it exists, once what replaces it is whole.")
    var overwrite = false

    /// Of what a terminal shows.
    private static let most = 500

    func validate() throws { _ = try PictureFormat.ending.format(nil, of: picture) }

    func run() throws {
        SessionArguments.prepareToWrite()
        let text: String
        do throws(TapError) { text = try shown() } catch { throw ExitStatus.report(error) }
        try ExitStatus.print(text)
    }

    private func shown() throws(TapError) -> String {
        let found = try record.find()
        let entry = try record.entry(number, found)
        if let picture, try !record.draw(entry.incident, found, to: picture, mayReplace: overwrite) {
            throw TapError(
                .usage, "incident \(number)", "has nothing that could be drawn", remedy: "leave out --picture")
        }
        guard events else { return found.text(entry) }
        let trail = try record.trail(entry.incident, found, around: around.value, most: Self.most)
        return found.text(entry) + IncidentTrail.text(trail.entries, isCut: trail.isCut, at: found.when)
    }
}
