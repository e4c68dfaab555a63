import ArgumentParser

struct SimCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sim", abstract: "Simulate signals: run, plot, serve, fuzz.",
        subcommands: [SimRunCommand.self, SimPlotCommand.self, SimServeCommand.self, SimFuzzCommand.self])
}
