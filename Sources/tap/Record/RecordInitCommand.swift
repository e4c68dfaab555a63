import ArgumentParser
import TapCommand
import TapCore
import TapDriver
import TapRecord

struct RecordInitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a store and its keys.",
        discussion: """
            Prints the verifier key and the first checkpoint on standard output. Keep both where whoever holds this machine \
            cannot change them: in a safe, in the shift book. Without the key nothing is proven; without the first \
            checkpoint, who holds the store could have written all of it anew.

            A store for hardware refuses simulated, replayed and emulated signals. A store for anything else has an origin \
            that says so.

            EXAMPLES
              tap record init plant --origin plant-3/press
              tap record init bench --origin bench/simulated --provenance simulated

            EXIT STATUS
              0    done
              64   invalid command line
              73   the directory cannot be written, or is not empty
              77   permission denied
            """)

    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case hardware
        case emulatedKernel = "emulated-kernel"
        case simulated, replayed
    }

    @Argument(help: "The directory to make; it must not be there, or be empty.", completion: .directory)
    var store: String
    @Option(
        help: ArgumentHelp(
            "The log's name for ever, as plant-3/press: without spaces and '+'.", valueName: "name"))
    var origin: String
    @Option(help: "What signals it is for: hardware, emulated-kernel, simulated or replayed.")
    var provenance = Kind.hardware

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try make() } catch { throw ExitStatus.report(error) }
    }

    private func make() throws(TapError) {
        let made = try RecordStore(store).make(
            origin: origin, provenance: Provenance(rawValue: provenance.rawValue) ?? .hardware,
            utc_ns: ClockFixSource.Readings.system.utc_ns())
        try ExitStatus.print("\(made.key)\n\n\(made.checkpoint)")
    }
}
