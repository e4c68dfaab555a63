import ArgumentParser
import TapCommand
import TapCore
import TapDecode
import TapFormats

struct DecodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Decode UART characters or Modbus frames on a line of a capture.",
        usage: "tap decode <file> --line <name> --uart <format> [<options>]",
        discussion: """
            Reads a line of a capture file as a UART does, and writes each character with the time of its start bit. \
            With --modbus, characters are grouped into Modbus RTU frames by the silent intervals of the specification, \
            checked, and responses are paired with requests. Where edges were lost the data is reported as unknown; \
            characters after that are marked as perhaps out of step until the line has been idle for the time of one \
            character. Ends with a summary on standard error.

            --uart takes the speed in bits per second and the frame: 5 to 9 data bits, parity n, e or o, and 1, 1.5 or \
            2 stop bits; add ",inverted" for a line that is low when idle.

            EXAMPLES
              tap decode flowmeter.sr --line RXTX --uart 9600,8n1
              tap decode flowmeter.sr --line RXTX --uart 9600,8n1 --modbus
              tap decode bus.vcd --line A --uart 19200,8e1 --modbus --format jsonl

            EXIT STATUS
              0    done, also if the line had errors
              64   invalid command line
              65   the file is damaged, unreadable, or not what its
                   extension says
              66   the file has no such line
              69   the file has something that tap does not read
              73   the output cannot be written
              77   permission denied
              141  the output was closed by its reader
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, jsonl }

    @Argument(help: "The capture file: .sr, .vcd, .cfg, .csv or .jsonl.", completion: .file())
    var file: String
    @Option(help: ArgumentHelp("The line to read, by its name in the file.", valueName: "name"))
    var line: String
    @Option(help: ArgumentHelp("Speed and frame, as 9600,8n1.", valueName: "format"))
    var uart: String
    @Flag(help: "Write Modbus RTU frames instead of characters.")
    var modbus = false
    @Option(help: "Output format: text or jsonl.")
    var format = Format.text
    @Option(help: ArgumentHelp("Write to a new file instead of standard output.", valueName: "file"))
    var out: String?
    @Flag(help: "Replace the file of --out if it exists.")
    var overwrite = false
    @Flag(help: "No summary.")
    var quiet = false

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try decode() } catch { throw ExitStatus.tell(error) }
    }

    private func decode() throws(TapError) {
        let uart = try UARTFormat(self.uart, subject: "--uart")
        guard !modbus || uart.dataBits == 8 else {
            throw TapError(
                .usage, "--modbus", "RTU has 8 data bits, not \(uart.dataBits)", remedy: "change --uart")
        }
        var reader = try CaptureFormat.open(file)
        var header = reader.header
        header.version = Tap.version
        // The other lines show how long the capture lasted, so they are read too.
        _ = try ReplaySelection(header, lines: [line], channels: [])
        guard let info = header.lines.first(where: { $0.name == line }) else { return }
        let output = try OutputFile(out, mayReplace: overwrite)
        output.begin()
        var listing = SerialListing(
            header, info, uart, isModbus: modbus, format == .text ? .text : .json,
            to: ByteWriter(output))
        var buffer = RecordBuffer()
        var isMore = true
        while isMore {
            isMore = try reader.read(into: &buffer)
            buffer.drain(into: &listing)
            try listing.batchEnded(at: .zero)
        }
        listing.captureEnded(at: reader.end)
        try listing.finish(at: .zero)
        for remark in reader.remarks { ExitStatus.say("\(printable(file)): \(remark)") }
        guard !quiet else { return }
        ExitStatus.say(summary(listing.counts))
    }

    private func summary(_ counts: SerialListing.Counts) -> String {
        var text = "\(line): \(counts.characters) characters, \(counts.charactersInError) of them in error"
        if counts.breaks > 0 { text += "; \(counts.breaks) breaks" }
        if counts.unknown > 0 { text += "; \(counts.unknown) unknown spans" }
        if modbus {
            text +=
                "; \(counts.requests) requests, \(counts.responses) responses, \(counts.framesInError) frames in error"
        }
        return text
    }
}
