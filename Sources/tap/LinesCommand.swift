import ArgumentParser
import TapCommand
import TapConfig
import TapCore
import TapDriver
import TapFormats
import TapSession

struct LinesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lines",
        abstract: "List every GPIO line and ADC channel, without requesting any.",
        usage: "tap lines [<options>]",
        discussion: """
            Without a board file, lists what the kernel has: each line of each GPIO chip with its direction and user, \
            and each channel of each ADC with the scale and unit of its values. With a board file, lists the lines and \
            channels in that file with their header pins, matched to the kernel by the chip's label and the offset \
            (never by the chip's number, which changes between kernels) and by the ADC's device name. For a simulated \
            board or a scenario, lists its signals.

            Requesting a line would switch its pin to an input; this command does not request lines. It opens each \
            chip, reads the kernel's information, and closes it. tap cannot capture a line that is in use. A value is \
            (raw + offset) * scale, in the unit shown.

            --write-board makes a board file of all of it, for 'tap capture --board', with the kernel's names and \
            offsets. Rename lines there after what they are wired to. Pins, and what else the kernel does not say, \
            are not in it; docs/boards.md describes each key. Nothing is written if a context of --context does not answer.

            EXAMPLES
              tap lines
              tap lines --board boards/raspberry-pi-4b.yaml
              tap lines --context ip:192.0.2.7
              tap lines --json | jq -r '.lines[] | select(.user != "")'
              tap lines --write-board gateway.yaml

            EXIT STATUS
              0   done; lines and channels that do not exist are shown as missing
              64  invalid command line
              65  invalid board file
              66  nothing to write a board of
              69  this tap's libiio cannot read a context of --context
              73  standard output or the board file cannot be written
              74  a context of --context did not answer; the rest is listed
              141 standard output was closed by its reader
            """)

    @Option(
        name: .board, help: ArgumentHelp("List the lines and channels in this board file.", valueName: "file"),
        completion: .wires)
    var board: String?

    @Option(
        help: ArgumentHelp("List the signals in this scenario file.", valueName: "file"),
        completion: .wires)
    var sim: String?

    @Option(
        help: ArgumentHelp(
            "Also list all channels of this libiio context, as ip:HOST. May be repeated.",
            valueName: "uri"))
    var context: [String] = []

    @Option(
        help: ArgumentHelp("Write a board file of them instead; -: standard output.", valueName: "file"),
        completion: .file(extensions: ["yaml"]))
    var writeBoard: String?
    @Flag(help: "Replace the file of --write-board if it exists, once what replaces it is whole.")
    var overwrite = false

    @Flag(help: "Print {lines, channels, remarks, notes, sources} as JSON instead.")
    var json = false

    func validate() throws {
        guard board == nil || sim == nil else { throw ValidationError("--board and --sim exclude each other") }
        if writeBoard != nil, board != nil || sim != nil || json {
            throw ValidationError("--write-board excludes --board, --sim and --json")
        }
        if overwrite, writeBoard == nil { throw ValidationError("--overwrite goes with --write-board") }
    }

    func run() throws {
        if let writeBoard {
            SessionArguments.prepareToWrite()
            do throws(TapError) { try write(writeBoard) } catch { throw ExitStatus.report(error) }
            return
        }
        SessionArguments.prepareToPrint()
        var table = LineTable()
        do throws(TapError) {
            table = if let sim { try listScenario(sim) } else { try board.map(listBoard) ?? listKernel() }
        } catch { throw ExitStatus.report(error) }
        let (others, refusals) = read(context)
        table.add(others)
        do throws(TapError) { try ExitStatus.print(json ? table.json + "\n" : table.text) } catch {
            throw ExitStatus.report(error)
        }
        for refusal in refusals.dropLast() { ExitStatus.say("tap: \(refusal)") }
        if let last = refusals.last { throw ExitStatus.report(last) }
    }

    private func write(_ path: String) throws(TapError) {
        // A machine without IIO has no local context; one that was named has to answer.
        var contexts = read(["local:"]).contexts
        for uri in context where uri != "local:" { contexts.append(try IIOInventory.read(uri)) }
        let made = InventoryBoard(ofThisMachine: path, .read(), contexts, version: Tap.version)
        guard !made.isEmpty else {
            throw TapError(
                .notFound, "this machine", "has no GPIO line and no ADC that a board could have",
                remedy: "'tap doctor' gives the reason")
        }
        let output = try OutputFile(path, mayReplace: overwrite, appears: .whenWhole)
        try output.write(BoardFile.text(of: made.board))
        try output.commit()
        for remark in made.remarks { ExitStatus.say(remark) }
    }

    private func listKernel() -> LineTable {
        // A machine without IIO has no local context: nothing to complain about.
        LineTable(.read(), context.contains("local:") ? [] : read(["local:"]).contexts)
    }

    /// - Parameter board: whose scenario it is.
    private func listScenario(_ path: String, of board: Board? = nil) throws(TapError) -> LineTable {
        let scenario = try CommandScenario.load(path)
        let channels = scenario.converters.flatMap { converter in
            converter.channels.map { ("\(converter.name).\($0.name)", $0.unit, $0.words) }
        }
        let lines = scenario.lines.map { line in
            (line.name, board?.lines.first { $0.name == line.name }?.pin ?? "", line.words)
        }
        var table = LineTable(lines: lines, channels: channels)
        table.notes = board?.notes(lines: board?.lines ?? [], adcs: board?.adcs ?? []) ?? scenario.notes
        table.sources = board?.sources ?? []
        return table
    }

    private func listBoard(_ path: String) throws(TapError) -> LineTable {
        let board = try CommandBoard.load(path)
        guard board.provenance != .simulated else { return try listScenario(path, of: board) }
        let (contexts, refusals) = read(Set(board.adcs.map(\.context)).sorted())
        var table = LineTable(board, .read(), contexts)
        table.remarks += refusals.map { $0.subject == "local:" ? "\($0.what); \($0.remedy)" : "\($0)" }
        return table
    }

    private func read(_ uris: [String]) -> (contexts: [IIOInventory], refusals: [TapError]) {
        var contexts: [IIOInventory] = []
        var refusals: [TapError] = []
        for uri in uris {
            do throws(TapError) { contexts.append(try IIOInventory.read(uri)) } catch { refusals.append(error) }
        }
        return (contexts, refusals)
    }
}

extension LineTable {
    fileprivate var json: String {
        let members = [
            ("lines", rows(lines.map(\.json))), ("channels", rows(channels.map(\.json))),
            ("remarks", rows(remarks.map(JSON.string))), ("notes", rows(notes.map(JSON.string))),
            ("sources", rows(sources.map(JSON.string))),
        ]
        return "{\n\(members.map { "\(JSON.string($0.0)): \($0.1)" }.joined(separator: ",\n"))\n}"
    }
}

/// A JSON array with one element a line.
func rows(_ elements: [String]) -> String {
    elements.isEmpty ? "[]" : "[\n  \(elements.joined(separator: ",\n  "))\n]"
}

extension LineTable.Line {
    fileprivate var json: String {
        JSON.object([
            ("name", JSON.string(name)), ("pin", JSON.string(pin)), ("chip", JSON.string(chip)),
            ("offset", offset.map { "\($0)" }), ("kernel_name", JSON.string(kernelName)),
            ("direction", JSON.string(direction)), ("user", JSON.string(user)), ("function", JSON.string(function)),
        ])
    }
}

extension LineTable.Channel {
    fileprivate var json: String {
        JSON.object([
            ("name", JSON.string(name)), ("pin", JSON.string(pin)), ("context", JSON.string(context)),
            ("device", JSON.string(device)), ("id", JSON.string(id)), ("direction", JSON.string(direction)),
            ("unit", JSON.string(unit)), ("scale", scale.map(JSON.number)), ("offset", offset.map(JSON.number)),
            ("how", JSON.string(how)),
        ])
    }
}
