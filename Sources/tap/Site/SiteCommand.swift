import ArgumentParser

/// The description of an installation.
struct SiteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "site",
        abstract: "Make and check the description of an installation.",
        discussion: """
            A site file says what the wires of an installation carry, what is said of them, and what must hold; \
            docs/sites.md takes you from nothing to one.
            """,
        subcommands: [SiteInitCommand.self, SiteCheckCommand.self])
}
