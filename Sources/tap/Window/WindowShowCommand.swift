import ArgumentParser
import Glibc
import TapCommand
import TapConfig
import TapCore
import TapFormats
import TapRecord
import TapServe
import TapSession
import TapView
import TapWatch

struct WindowShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "See a store in a browser, from months to single edges.",
        usage: "tap window show <store> --site <site> [<options>]",
        discussion: """
            The word 'show' may be left out. Serves the operators' window of a store, as of one that was copied to a laptop: the page and the API of 'tap \
            watch --window', with a timeline that comes from the record itself. Incidents are found by watching the \
            record anew, and verdicts are those at its end; until then they are not known. Everything says that it is a \
            record. Nothing is written into the store, and what is recorded after the start is not shown.

            For the timeline the store is read once and summed up in buckets; the page says how far that is. Summaries are \
            kept in a folder of their own (--cache) with the digest of what they were made from, and made anew where \
            they are missing or of something else. They are not evidence: 'tap verify' checks the store. --check \
            makes them anew, compares those that are kept, and ends.

            EXAMPLES
              tap window plant --site sites/pump-station.yaml
              tap window plant --site sites/pump-station.yaml --address 8170
              tap window plant --site sites/pump-station.yaml --check

            EXIT STATUS
              0    done, or ended by Ctrl-C
              1    --check: summaries that are kept are not those of the store
              2    --check: there are none for this store and site
              64   invalid command line
              65   it is no store, or cannot be read; invalid site file
              74   the address cannot be listened on
              77   permission denied
            """)

    @Argument(help: "The store.", completion: .file())
    var store: String
    @Option(
        help: ArgumentHelp("The site file of what it has recorded.", valueName: "file"),
        completion: .file(extensions: ["yaml"]))
    var site: String
    @Option(help: ArgumentHelp("Where to serve it; port 0: any that is free.", valueName: "address"))
    var address = WindowAddress.usual
    @Option(
        name: .customLong("window-name"),
        help: ArgumentHelp(
            "A name under which browsers may ask for it, as a proxy in front of it has one. May be repeated.",
            valueName: "name"))
    var names: [String] = []
    @Option(
        help: ArgumentHelp(
            "Where summaries are kept; default: tap in the user's folder for caches, else in memory.",
            valueName: "folder"),
        completion: .directory)
    var cache: String?
    @Flag(help: "Make summaries anew, compare those that are kept, and end.")
    var check = false
    @Flag(name: .quiet, help: "Print the address alone.")
    var quiet = false

    func validate() throws { try address.check("--address") }

    func run() throws {
        SessionArguments.prepareToWrite()
        let status: Int32
        do throws(TapError) { status = try look() } catch { throw ExitStatus.report(error) }
        if status != 0 { throw ExitCode(status) }
    }

    private func look() throws(TapError) -> Int32 {
        let site = try CommandSite.load(site)
        guard RecordStore.isStore(store) else {
            throw TapError(
                .configuration, printable(store), "is no store",
                remedy: "name a directory made by 'tap record init', or see a capture with 'tap watch --replay'")
        }
        let index = try StoreIndex(store)
        let folder = cache ?? WindowShowCommand.usualCache
        if check { return try compare(site, index, folder) }
        try serve(site, RecordTimeline(site, index, in: folder))
        return 0
    }

    static var usualCache: String? {
        if let folder = variable("XDG_CACHE_HOME"), folder.hasPrefix("/") { return folder + "/tap" }
        return variable("HOME").map { $0 + "/.cache/tap" }
    }

    private static func variable(_ name: String) -> String? {
        guard let text = unsafe getenv(name) else { return nil }
        return unsafe String(cString: text)
    }

    private func compare(_ site: Site, _ index: StoreIndex, _ folder: String?) throws(TapError) -> Int32 {
        guard let folder else {
            throw TapError(.usage, "--cache", "is missing", remedy: "name the folder where summaries are kept")
        }
        let (found, path) = try RecordTimeline.check(site, index, in: folder)
        switch found {
        case .missing:
            ExitStatus.say("\(printable(path)): there are no whole summaries of this store and site")
            return 2
        case .same(let buckets):
            ExitStatus.say("\(printable(path)): as the store has it, \(buckets) buckets")
            return 0
        case .altered(let lane, let at, let width):
            let time = SessionTimeText(index.header)
            ExitStatus.say(
                "\(printable(path)): altered: the bucket of \(lane) from \(time.people(Nanoseconds(at))) on, "
                    + "\(Words.span(Nanoseconds(width))) wide, is not what the store has; delete the file")
            return 1
        }
    }

    private func serve(_ site: Site, _ timeline: RecordTimeline) throws(TapError) {
        let watched = WatchedSite(site, clock: try SiteClock(site))
        let desk = WindowDesk(
            .browsers(address, names: names), stays: true, site, watched, speed: .max, record: timeline)
        let plan = try RecordWatch.plan(store, site, self.site)
        try RecordWatch(plan: plan, site: watched, desk: desk, isQuiet: quiet).run(timeline)
    }
}
