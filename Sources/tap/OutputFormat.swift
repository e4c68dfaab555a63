import ArgumentParser
import TapCommand
import TapCore
import TapFormats
import TapSession

/// What a session writes.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text, jsonl, vcd, sr, hash

    static let ending = OutputEnding<OutputFormat>(
        formats: [
            "txt": .text, "text": .text, "log": .text, "jsonl": .jsonl, "ndjson": .jsonl, "json": .jsonl, "vcd": .vcd,
            "sr": .sr,
        ], usual: .text)
}
