import ArgumentParser

struct SimCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sim", abstract: "Simulate signals: run, plot, judge, draw, serve, fuzz.",
        subcommands: [
            SimRunCommand.self, SimPlotCommand.self, SimTruthCommand.self, SimCampaignCommand.self,
            SimServeCommand.self, SimFuzzCommand.self,
        ])
}
