import ArgumentParser

/// What is said by PLC, HMI and SCADA.
struct ClaimsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "claims",
        abstract: "Hear what PLC, HMI and SCADA say on a network.",
        discussion: """
            Hears a mirror port or a tap, or reads captures of its packets. Nothing is sent, and nothing is asked, but by `poll`. \
            docs/claims.md says how to do it without touching the plant, and what cannot be heard.
            """,
        subcommands: [ClaimsCheckCommand.self, ClaimsHearCommand.self, ClaimsPollCommand.self])
}
