import ArgumentParser
import TapCore
import TapFormats
import TapSession

extension SessionArguments {
    static let rateHelp = ArgumentHelp(
        "Samples a second of a .sr file, as 1MHz or 500; an edge goes to the nearest.", valueName: "rate")

    /// A session into a .sr file.
    func runSampled(_ run: SessionRun, _ rate: RateArgument?) throws(TapError) {
        let path = out ?? "-"
        guard run.output.isFile else {
            throw TapError(
                .usage, "--format sr", "makes an archive, which cannot go to \(run.output.name)",
                remedy: "name a new file, as --out capture.sr")
        }
        guard sync == nil else {
            throw TapError(
                .usage, "--sync", "does not go with .sr, which is written when the capture has ended",
                remedy: "leave it out, or capture as .jsonl")
        }
        guard let rate else {
            throw TapError(
                .usage, "--rate", "is missing: a .sr file holds samples of one rate", remedy: "add it, as --rate 1MHz")
        }
        let length = run.plan.options.duration.map { $0 - run.plan.options.from }
        var run = run
        run.check = { header throws(TapError) in
            try SigrokWriter.check(header, path: path, rate_hz: rate.hertz, length: length)
        }
        let (plan, output) = (run.plan, run.output)
        let progress = quiet ? nil : ConversionProgress(path, how: "a second Ctrl-C drops them")
        try run.run(
            { header, _ in
                SampledSink(header, plan, to: output, name: path, rate_hz: rate.hertz, progress: progress)
            }, lastWhole: { $0.lastWhole }, remarks: { $0.remarks })
    }
}
