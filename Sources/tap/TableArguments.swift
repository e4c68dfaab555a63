import ArgumentParser
import TapCommand
import TapCore
import TapFormats

/// How a table of comma-separated values is written.
struct TableArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Between the cells of a CSV table: comma, semicolon or tab.", valueName: "name"))
    private var separator = CSVSeparator.comma
    @Flag(help: "Numbers of a CSV table with a decimal comma, as a European spreadsheet reads them.")
    var decimalComma = false
    @Option(
        help: ArgumentHelp(
            "First column of a CSV table: ns, s (since the start) or utc (date and time of day).", valueName: "kind"))
    private var time = CSVTime.ns
    @Option(
        help: ArgumentHelp(
            "At most one row of a CSV table in each interval, the last of it; default: every row.",
            valueName: "duration"))
    var every: DurationArgument?

    /// - Throws: where they were given for a file of another format.
    func options(of output: String, as format: CaptureFormat) throws(TapError) -> CSVOptions {
        var options = CSVOptions()
        options.separator = separator.option
        options.hasDecimalComma = decimalComma
        options.time = time.option
        options.every = every?.value
        guard format == .csv || options == CSVOptions() else {
            throw TapError(
                .usage, output, "is no .csv, and --separator, --decimal-comma, --time and --every shape only that",
                remedy: "leave them out, or write a .csv")
        }
        return options
    }
}

private enum CSVSeparator: String, ExpressibleByArgument, CaseIterable {
    case comma, semicolon, tab

    var option: CSVOptions.Separator {
        switch self {
        case .comma: .comma
        case .semicolon: .semicolon
        case .tab: .tab
        }
    }
}

private enum CSVTime: String, ExpressibleByArgument, CaseIterable {
    case ns, s, utc

    var option: CSVOptions.Time {
        switch self {
        case .ns: .ns
        case .s: .s
        case .utc: .utc
        }
    }
}
