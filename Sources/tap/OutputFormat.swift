import ArgumentParser
import TapCommand
import TapCore
import TapFormats
import TapSession

enum OutputFormat: String, ExpressibleByArgument, CaseIterable { case text, jsonl, vcd, hash }
