import ArgumentParser

struct WindowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "window",
        abstract: "See a store in a browser, and say who may speak through a window.",
        discussion: """
            The operators' window shows a plant by its wires, beside what the control system says of it. 'tap watch --window' \
            and 'tap run --window' serve it of what they watch; this serves it of a store, or in a process of its own of what \
            they watch with --view. Tokens are for people who \
            acknowledge incidents and add notes through the window of a watch.

            EXAMPLES
              tap window plant --site sites/pump-station.yaml
              tap window view /run/tap/view
              tap window token add "A. Smith" --tokens tokens
            """,
        subcommands: [WindowShowCommand.self, WindowViewCommand.self, WindowTokenCommand.self],
        defaultSubcommand: WindowShowCommand.self)
}
