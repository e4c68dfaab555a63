import ArgumentParser
import TapCommand
import TapCore
import TapRecord

struct WitnessInitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a witness's directory and key.",
        discussion: """
            Prints its verifier key on standard output: it goes into the policy of whoever verifies records, and of the \
            gateways that are witnessed. The private key is in the directory, as is what the witness has cosigned: both \
            belong together, and are not to be copied or restored from a backup.

            EXAMPLES
              tap witness init witness --name plant-3/witness

            EXIT STATUS
              0    done
              64   invalid command line
              73   the directory cannot be written, or is not empty
              77   permission denied
            """)

    @Argument(help: "The directory to make; it must not be there, or be empty.", completion: .directory)
    var state: String
    @Option(
        help: ArgumentHelp(
            "The witness's name for ever, as plant-3/witness: without spaces and '+'.", valueName: "name"))
    var name: String

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try ExitStatus.print(Witness.make(state, name: name) + "\n") } catch {
            throw ExitStatus.report(error)
        }
    }
}
