import ArgumentParser
import TapCommand
import TapCore
import TapFormats
import TapRecord

struct InfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Show what a capture file holds.",
        usage: "tap info <file> [<options>]",
        discussion: """
            Reads a capture file of tap or of another program to its end and shows its format, where its signals were \
            from, from when to when it is and by which clock, how many edges, pulses, levels, scans, claims and gaps \
            each line, channel and tag has, which losses are recorded, and whether it ends within a record. A pulse \
            is counted at its rising edge; Hz is the inverse of the mean period between those. What is not as it \
            should be begins with "!". Memory use does not grow with the file. FILE may be - for standard input.

            EXAMPLES
              tap info flowmeter.sr
              tap info edges.jsonl --json | jq '.lines[] | select(.edges == 0)'

            EXIT STATUS
              0    done, also if the file is torn or has losses
              64   invalid command line
              65   FILE is damaged, unreadable, or not what its extension says
              69   FILE has something that tap does not read
              73   standard output cannot be written
              77   permission denied
              130  stopped by Ctrl-C (143: SIGTERM, 129: SIGHUP)
              141  standard output was closed by its reader
            """)

    @Argument(help: "The capture file: .sr, .vcd, .cfg, .csv or .jsonl.", completion: .captures)
    var file: String
    @Flag(help: "Print one JSON object instead; docs/formats/info.md describes it.")
    var json = false
    @OptionGroup(title: "Options for the file") var reading: ReadArguments
    @Flag(name: .quiet, help: "No progress.")
    var quiet = false

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try show() } catch { throw ExitStatus.report(error) }
    }

    private func show() throws(TapError) {
        guard !ProofFile.isProof(file) else {
            throw TapError(
                .configuration, printable(file), "is a proof of a part of a store",
                remedy: "'tap verify' shows what is in it, 'tap convert' reads it")
        }
        guard !RecordStore.isStore(file) else {
            throw TapError(
                .configuration, printable(file), "is a store",
                remedy: "'tap record status' shows what is in it, 'tap verify' checks it")
        }
        var conversion = CaptureInput.conversion()
        conversion.reading = reading.options
        let progress = ConversionProgress(file)
        if !quiet { conversion.onProgress = { progress.show($0) } }
        defer { progress.end() }
        let info = try conversion.info(of: file)
        progress.end()
        try ExitStatus.print(json ? info.json + "\n" : info.text)
    }
}
