import ArgumentParser
import Glibc
import TapCommand
import TapCore
import TapFormats

struct IncidentExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write one incident of a record into a folder, to pass it on.",
        usage: "tap incident export --site <file> --out <folder> <file> <number>",
        discussion: """
            Watches a store or a capture again by the rules of a site and writes what 'show' says of one incident, for people \
            and for programs. Nothing in the folder is signed: 'tap prove --incident' makes evidence of it.

            THE FOLDER
              incident.txt    what tap incident show says
              incident.json   the same for programs, as tap incident list has it
              events.csv      what wires and claims of its rules did around it
              incident.svg    what was claimed, drawn over what the wires carried

            EXAMPLES
              tap incident export --site sites/pump-station.yaml --out incident-1 \\
                plant 1

            EXIT STATUS
              0    written
              64   invalid command line, or no incident of that number
              65   invalid or unreadable site, capture or store
              73   the folder is there already, or cannot be written
            """)

    @OptionGroup var record: IncidentArguments
    @Argument(help: ArgumentHelp("The incident, as tap incident list numbers them.", valueName: "number"))
    var number: Int
    @Option(help: ArgumentHelp("The folder to make.", valueName: "folder"), completion: .directory)
    var out: String
    @Option(help: ArgumentHelp("How far before and after its first finding events are listed.", valueName: "duration"))
    var around = DurationArgument(.seconds(600))

    /// Of events.
    private static let most = 1_000_000

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try export() } catch { throw ExitStatus.report(error) }
    }

    private func export() throws(TapError) {
        let found = try record.find()
        let entry = try record.entry(number, found)
        let trail = try record.trail(entry.incident, found, around: around.value, most: Self.most)
        try makeFolder()
        for (name, text) in [
            ("incident.txt", found.text(entry)), ("incident.json", found.json(entry)),
            ("events.csv", IncidentTrail.csv(trail.entries, utc: found.date)),
        ] { try OutputFile.write(text, to: "\(out)/\(name)", mayReplace: false) }
        if trail.isCut {
            ExitStatus.say("\(out)/events.csv: has the first \(Self.most) events only; give a shorter --around")
        }
        guard try record.draw(entry.incident, found, to: "\(out)/incident.svg", mayReplace: false) else {
            return ExitStatus.say("\(out): has no incident.svg: there is nothing that could be drawn")
        }
    }

    private func makeFolder() throws(TapError) {
        guard unsafe mkdir(out, 0o755) != 0 else { return }
        let error = Errno.last
        throw TapError(
            .output, out, "cannot be made: \(error.words)",
            remedy: error == .exists ? "name a folder that is not there yet" : "check the path given to --out")
    }
}
