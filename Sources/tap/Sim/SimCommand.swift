import ArgumentParser

struct SimCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sim", abstract: "Wires that behave like wires.",
        subcommands: [SimRunCommand.self, SimPlotCommand.self, SimServeCommand.self, SimFuzzCommand.self])
}
