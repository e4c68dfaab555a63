import ArgumentParser

struct WitnessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "witness",
        abstract: "Be a witness of the records of other gateways.",
        discussion: """
            A witness remembers the last checkpoint of each log and cosigns, with a time, one that extends it, and no other. \
            So whoever holds a gateway cannot rewrite what its witness saw. docs/witness.md leads through it; it speaks \
            C2SP tlog-witness, as witnesses and logs of others do.

            EXAMPLES
              tap witness init witness --name plant-3/witness
              tap witness serve witness --log press.vkey --listen 127.0.0.1:8377
            """,
        subcommands: [WitnessInitCommand.self, WitnessServeCommand.self])
}
