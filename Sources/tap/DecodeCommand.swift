import ArgumentParser
import TapCommand
import TapCore
import TapDecode
import TapFormats

struct DecodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Decode UART characters or Modbus frames on lines of a capture.",
        usage: "tap decode <file> --line <name> ... --uart <format> [<options>]",
        discussion: """
            Reads a line of a capture file as a UART does, and writes each character with the time of its start bit. \
            With --modbus, characters are grouped into Modbus RTU frames by the silent intervals of the specification, \
            checked, and responses are paired with requests. Where a break or stray bytes join frames, as on a bus \
            without bias resistors, a frame whose CRC fits ends there. Where edges were lost the data is reported as \
            unknown; characters after that are marked as perhaps out of step until the line has been idle for the time \
            of one character. Several lines, as RX and TX, are listed together by time, and a response on one is \
            paired with a request on another. Ends with a summary on standard error; where most characters are in \
            error, it says which speed the shortest pulses suggest.

            --uart takes the speed in bits per second and the frame: 5 to 9 data bits, parity n, e or o, and 1, 1.5 or \
            2 stop bits; add ",inverted" for a line that is low when idle.

            EXAMPLES
              tap decode flowmeter.sr --line RXTX --uart 9600,8n1
              tap decode flowmeter.sr --line RXTX --uart 9600,8n1 --modbus
              tap decode bus.vcd --line A --uart 19200,8e1 --modbus --format jsonl
              tap decode link.vcd --line RX --line TX --uart 115200,8n1

            EXIT STATUS
              0    done, also if the line had errors
              64   invalid command line
              65   the file is damaged, unreadable, or not what its
                   extension says
              66   the file has no such line
              69   the file has something that tap does not read
              73   the output cannot be written
              77   permission denied
              130  stopped by Ctrl-C (143: SIGTERM, 129: SIGHUP)
              141  the output was closed by its reader
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, jsonl

        static let ending = OutputEnding<Format>(
            formats: [
                "txt": .text, "text": .text, "log": .text, "jsonl": .jsonl, "ndjson": .jsonl, "json": .jsonl,
            ], usual: .text)
    }

    @Argument(help: "The capture file: .sr, .vcd, .cfg, .csv or .jsonl.", completion: .captures)
    var file: String
    @Option(
        name: .line,
        help: ArgumentHelp("A line to read, by its name in the file. May be repeated.", valueName: "name"),
        completion: .lineNames)
    var lines: [String]
    @Option(help: ArgumentHelp("Speed and frame, as 9600,8n1.", valueName: "format"))
    var uart: String
    @Flag(help: "Write Modbus RTU frames instead of characters.")
    var modbus = false
    @OptionGroup var span: SpanArguments
    @Option(name: .length, help: SpanArguments.lengthHelp)
    var duration: DurationArgument?
    @Option(help: "Output format: text or jsonl; default: what --out ends with, or text.")
    var format: Format?
    @Option(
        name: .out, help: ArgumentHelp("Write to a new file instead of standard output (-).", valueName: "file"),
        completion: .file())
    var out: String?
    @Flag(help: "Replace the file of --out if it exists, once what replaces it is whole.")
    var overwrite = false
    @OptionGroup(title: "Options for the file") var reading: ReadArguments
    @Flag(name: .quiet, help: "No summary.")
    var quiet = false

    func validate() throws { _ = try Format.ending.format(format, of: out) }

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try decode() } catch { throw ExitStatus.report(error) }
    }

    private func decode() throws(TapError) {
        let uart = try UARTFormat(self.uart, subject: "--uart")
        guard !modbus || uart.dataBits == 8 else {
            throw TapError(
                .usage, "--modbus", "RTU has 8 data bits, not \(uart.dataBits)", remedy: "change --uart")
        }
        let span = try span.span(duration)
        var options = reading.options
        options.wanted = Set(lines)
        var reader = try CaptureInput.open(file, options, from: span.from, to: span.to)
        var header = reader.header
        header.version = Tap.version
        // The other lines show how long the capture lasted, so they are read too.
        _ = try ReplaySelection(header, lines: lines, channels: [])
        let infos = lines.compactMap { name in header.lines.first { $0.name == name } }
        try FileIdentity.check(outputs: [("--out", out)], inputs: [file])
        let output = try OutputFile(out, mayReplace: overwrite, appears: .whenWhole)
        defer { output.abandon() }
        // Checked when the command line was read.
        let format = (try? Format.ending.format(format, of: out)) ?? .text
        var listing = SerialListing(
            header, infos, uart, isModbus: modbus, format == .text ? .text : .json,
            to: ByteWriter(output))
        var buffer = RecordBuffer()
        var isMore = true
        while isMore {
            isMore = try reader.read(into: &buffer)
            buffer.drain(into: &listing)
            try listing.batchEnded(at: .zero)
            guard Interruption.signal == nil else {
                throw TapError(.interrupted, file, "was interrupted", remedy: "it is not decoded to its end")
            }
        }
        if let end = reader.end { listing.captureEnded(at: end) }
        try listing.finish(at: .zero)
        try output.commit()
        for remark in reader.remarks { ExitStatus.say("\(printable(file)): \(remark)") }
        guard !quiet else { return }
        for (index, counts) in listing.counts.enumerated() {
            ExitStatus.say(summary(lines[index], counts))
            if let hint = listing.hints[index] {
                ExitStatus.say(
                    "\(lines[index]): the shortest pulses are \(Words.span(hint.shortest)) long, as at \(hint.baud) bits per second; --uart says \(uart.baud)"
                )
            }
        }
    }

    private func summary(_ line: String, _ counts: SerialListing.Counts) -> String {
        var text = "\(line): \(counts.characters) characters, \(counts.charactersInError) of them in error"
        if counts.charactersInDoubt > 0 { text += ", \(counts.charactersInDoubt) perhaps out of step" }
        if counts.breaks > 0 { text += "; \(counts.breaks) breaks" }
        if counts.unknown > 0 { text += "; \(counts.unknown) unknown spans" }
        guard modbus else { return text }
        text += "; \(counts.requests) requests, \(counts.responses) responses, \(counts.framesInError) frames in error"
        if counts.framesInDoubt > 0 { text += ", \(counts.framesInDoubt) in doubt" }
        if counts.strayBytes > 0 { text += "; \(counts.strayBytes) stray bytes" }
        return text
    }
}
