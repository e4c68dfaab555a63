import ArgumentParser
import TapCommand
import TapConfig
import TapCore
import TapSim

struct SimCampaignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "campaign",
        abstract: "Draw scenarios of a plant, each with its truth, to measure a detector on.",
        usage: "tap sim campaign <plant> --runs <n> --out <folder> [<options>]",
        discussion: """
            Writes a scenario file for each run, and beside it what 'tap sim truth' says of it. Runs differ in date and \
            hour, in the state of the plant, in the channel of its claims, and in attacks: variant, target, strength \
            (from twice the usual down to what sensors cannot tell apart), time and combination. A run is a function of \
            plant, seed, --for, kind and its number. Runs that are there are kept: the command goes on where it was \
            stopped, and a campaign can be made in parts, with --from. Prints by variant or kind how many are visible.

            EXAMPLES
              tap sim campaign pump-station --runs 20 --out campaign --attacks
              tap sim campaign pump-station --runs 500 --from 501 --out campaign --jobs 2

            EXIT STATUS
              0    done
              64   invalid command line
              65   a run that was drawn cannot be read, or differs too early: a mistake in tap
              66   no such plant
              73   the folder or a file in it cannot be written
              130  stopped by Ctrl-C (143: SIGTERM, 129: SIGHUP)
              141  standard output was closed by its reader
            """)

    @Argument(help: ArgumentHelp("A kind of plant, as scenarios name it.", valueName: "plant"))
    var plant: String
    @Option(help: ArgumentHelp("Number of runs.", valueName: "n"))
    var runs: Int
    @Option(help: ArgumentHelp("The first run.", valueName: "n"))
    var from = 1
    @Option(
        help: ArgumentHelp("The folder for the files; it is made if it is not there.", valueName: "folder"),
        completion: .directory)
    var out: String
    @Option(help: ArgumentHelp("Another seed gives other runs.", valueName: "n"))
    var seed: UInt64 = 1
    @Option(name: .customLong("for"), help: ArgumentHelp("How long each run lasts.", valueName: "time"))
    var duration = DurationArgument(.seconds(7_200))
    @Flag(help: "Only runs with attacks.")
    var attacks = false
    @Flag(help: "Only runs with faults.")
    var faults = false
    @Flag(help: "Only runs with neither.")
    var normal = false
    @Option(help: ArgumentHelp("Runs at once.", valueName: "n"))
    var jobs = 1

    func validate() throws {
        guard runs > 0 else { throw ValidationError("--runs takes 1 or more") }
        guard from > 0, from < 1_000_000_000, runs < 1_000_000_000 else {
            throw ValidationError("--from takes 1 or more, below a milliard")
        }
        guard (1...64).contains(jobs) else { throw ValidationError("--jobs takes 1 to 64") }
        guard [attacks, faults, normal].filter(\.self).count < 2 else {
            throw ValidationError("--attacks, --faults and --normal exclude one another")
        }
        guard duration.value >= .seconds(60) else { throw ValidationError("--for takes 1min or more") }
    }

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try draw() } catch { throw ExitStatus.report(error) }
    }

    private func draw() throws(TapError) {
        let subject: Campaign.Subject = attacks ? .attacks : faults ? .faults : normal ? .normal : .all
        let campaign = try Campaign(plant, seed: seed, subject, duration: duration.value)
        let work = CampaignWork(campaign, folder: out, runs: from..<from + runs, duration: duration.value)
        try work.run(jobs: jobs)
        try ExitStatus.print(work.summary)
    }
}
