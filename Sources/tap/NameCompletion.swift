import ArgumentParser
import TapCommand
import TapConfig
import TapCore
import TapFormats
import TapSim

extension CompletionKind {
    /// Boards and scenarios.
    static let wires = CompletionKind.file(extensions: ["yaml"])
    /// What tap reads as a capture.
    static let captures = CompletionKind.file(extensions: [
        "sr", "vcd", "cfg", "CFG", "cff", "CFF", "csv", "CSV", "txt", "jsonl", "ndjson", "json",
    ])
    static let lineNames = CompletionKind.custom { words, index, _ in NameCompletion(words, index).lines }
    static let channelNames = CompletionKind.custom { words, index, _ in NameCompletion(words, index).channels }
    static let tagNames = CompletionKind.custom { words, index, _ in NameCompletion(words, index).tags }
}

/// The names that an unfinished command line may mean: those in the first file that it has. Without one, none.
struct NameCompletion {
    private(set) var lines: [String] = []
    private(set) var channels: [String] = []
    private(set) var tags: [String] = []

    /// Reads that file's head. Nothing is opened but files.
    ///
    /// - Parameters:
    ///   - words: of the command line, as they were typed.
    ///   - index: of the one that is to be completed.
    init(_ words: [String], _ index: Int) {
        let others = words.indices.filter { $0 != index }.map { NameCompletion.plain(words[$0]) }
        for word in others {
            let path = word.hasPrefix("--") ? word.split(separator: "=", maxSplits: 1).dropFirst().joined() : word
            guard FileIdentity.isFile(path), take(path) else { continue }
            break
        }
        let given = Set(others)
        lines.removeAll { given.contains($0) }
        channels.removeAll { given.contains($0) }
        tags.removeAll { given.contains($0) }
    }

    private mutating func take(_ path: String) -> Bool {
        if path.hasSuffix(".yaml") {
            if let scenario = try? Scenario.load(path: path) {
                lines = scenario.lines.map(\.name)
                take(scenario.converters.map { ($0.name, $0.channels.map(\.name)) })
                tags = scenario.makePlant()?.tags.map(\.name) ?? []
                return true
            }
            guard let board = try? BoardFile.load(path: path, plants: Plants.all) else { return false }
            lines = board.lines.map(\.name)
            take(board.adcs.map { ($0.name, $0.channels.map(\.name)) })
            return true
        }
        var options = ReadOptions()
        // Names are there without it.
        options.rate_hz = 1
        guard let header = (try? CaptureInput.open(path, options))?.header else { return false }
        lines = header.lines.map(\.name)
        take(header.devices.map { ($0.name, $0.channels.map(\.name)) })
        tags = header.tags.map(\.name)
        return true
    }

    private mutating func take(_ devices: [(name: String, channels: [String])]) {
        channels = devices.flatMap { device in [device.name] + device.channels.map { "\(device.name).\($0)" } }
    }

    /// Without the quotes and backslashes of a shell.
    private static func plain(_ word: String) -> String {
        guard let first = word.first, first == "'" || first == "\"" else {
            var result = ""
            var isEscaped = false
            for character in word {
                isEscaped = character == "\\" && !isEscaped
                if !isEscaped { result.append(character) }
            }
            return result
        }
        return String(word.dropFirst().prefix { $0 != first })
    }
}
