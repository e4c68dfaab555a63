import ArgumentParser
import TapCommand
import TapCore
import TapFormats

/// Which part of a capture or run: the same for every command that knows where it begins. `--for` is the command's own.
struct SpanArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Leave out what comes before this time since the start, as 10s or 2h; default: 0s.", valueName: "duration"))
    var from: TimeArgument?
    @Option(
        help: ArgumentHelp(
            "Leave out what comes after this time since the start; default: nothing. Excludes --for.",
            valueName: "duration"))
    var to: DurationArgument?

    static let lengthHelp = ArgumentHelp(
        "End after this time, counted from --from, as 10s, 250ms or 2h.", valueName: "duration")

    /// Since the start.
    ///
    /// - Parameter length: of --for.
    func span(_ length: DurationArgument?) throws(TapError) -> (from: Nanoseconds, to: Nanoseconds?) {
        let from = from?.value ?? .zero
        guard to == nil || length == nil else {
            throw TapError(.usage, "--to", "and --for exclude each other", remedy: "give one of them")
        }
        let to = to?.value ?? length.map { from + $0.value }
        if let to, to <= from {
            throw TapError(
                .usage, "--from", "is not before --to", remedy: "give an earlier --from or a later --to")
        }
        return (from, to)
    }
}
