public import ArgumentParser
public import TapFormats

/// What a file of another program does not say of itself: the same for every command that reads one.
struct ReadArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Samples a second, as 1MHz or 48kHz, of a file that has neither times nor a rate.", valueName: "rate"))
    var rate: RateArgument?
    @Option(
        help: ArgumentHelp(
            "The column of times in a .csv file: its name, or its number counted from 1.", valueName: "column"))
    var timeColumn: String?
    @Option(help: ArgumentHelp("Unit of the times in a .csv file: s, ms, us or ns.", valueName: "unit"))
    var unit: TimeUnit?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Zone of dates that have none: UTC, +1, -05:30.", valueName: "zone"))
    var zone: ZoneOffset?
    @Option(
        help: ArgumentHelp(
            "Between the cells of a .csv file that is read: a character, or tab.", valueName: "character"))
    var inputSeparator: SeparatorArgument?
    @Option(
        help: ArgumentHelp(
            "Encoding of names, as latin1 or gbk; default: UTF-8, or else Windows-1252.", valueName: "name"))
    var encoding: TextEncoding?

    var options: ReadOptions {
        var options = ReadOptions()
        options.rate_hz = rate?.hertz
        options.timeColumn = timeColumn
        options.unit = unit
        options.zone = zone
        options.separator = inputSeparator?.byte
        options.encoding = encoding
        return options
    }
}

extension TimeUnit: ExpressibleByArgument {}

extension ZoneOffset: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

extension TextEncoding: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
