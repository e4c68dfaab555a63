public import TapCore

/// The kinds of capture files that tap reads and writes.
///
/// ```swift
/// var reader = try CaptureFormat.open(path)
/// var buffer = RecordBuffer()
/// var sink = RecordCollector()
/// while try reader.read(into: &buffer) { buffer.drain(into: &sink) }
/// buffer.drain(into: &sink)
/// ```
public enum CaptureFormat: String, Sendable, Hashable, CaseIterable {
    case sigrok = "sr"
    case vcd
    case jsonl
    case csv
    case comtrade = "cfg"

    /// For messages.
    public var title: String {
        switch self {
        case .sigrok: "sigrok session"
        case .vcd: "Value Change Dump"
        case .jsonl: "JSON Lines of tap"
        case .csv: "CSV"
        case .comtrade: "COMTRADE"
        }
    }

    /// What a file's name says that it is; nil: nothing that tap knows.
    public init?(name path: String) {
        let parts = TapFormats.fileName(path).split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count > 1, let ending = parts.last?.lowercased() else { return nil }
        switch ending {
        case "json", "ndjson": self = .jsonl
        case "dat", "cff": self = .comtrade
        case "tsv": self = .csv
        default: self.init(rawValue: ending)
        }
    }

    /// What a file's first bytes say that it is; nil: nothing that tap knows.
    static func of(content path: String, _ options: ReadOptions = ReadOptions()) throws(TapError) -> CaptureFormat? {
        var file = try InputFile(path, encoding: options.encoding)
        _ = try file.need(4_096)
        let bytes = file.bytes[file.start..<file.end].prefix(4_096)
        if bytes.starts(with: Array("PK\u{3}\u{4}".utf8)) || bytes.starts(with: Array("PK\u{5}\u{6}".utf8)) {
            return .sigrok
        }
        // A power cut can leave zeros at the end, behind a first line.
        let used = bytes.lastIndex { $0 != 0 }.map { bytes[...$0] } ?? []
        let isText = !used.contains(0) && (used.count == bytes.count || used.contains(10))
        guard let first = bytes.first(where: { $0 > 0x20 }), isText else { return nil }
        if first == UInt8(ascii: "{") { return .jsonl }
        if first == UInt8(ascii: "$") { return .vcd }
        let lines = bytes.split { $0 == 10 || $0 == 13 }.map { String(decoding: $0, as: UTF8.self).trimmed }
        if lines.count >= 2, CaptureFormat.isCounts(lines[1]) { return .comtrade }
        // A table of one column has no marks between cells: its name must say what it is.
        let isNamed = CaptureFormat(name: path) == .csv && !lines.isEmpty
        return isNamed || lines.contains(where: isRow) ? .csv : nil
    }

    private static func isRow(_ line: String) -> Bool {
        !line.hasPrefix(";") && !line.hasPrefix("#") && line.contains { ",;\t".contains($0) }
    }

    /// What tap writes for people or for comparison, and does not read; nil: the file is none of it.
    private static func output(_ path: String) throws(TapError) -> String? {
        var file = try InputFile(path)
        // What has no lines is none of it.
        guard let range = try? file.nextLine() else { return nil }
        let first = file.text(range)
        if first.hasPrefix("# tap "), first.contains(" signals") { return "tap's text for people" }
        return first.hasSuffix(" other records") ? "tap's digest of a capture" : nil
    }

    /// `TT,nA,nD` of a COMTRADE configuration.
    private static func isCounts(_ line: String) -> Bool {
        let parts = line.split(separator: ",").map { String($0).trimmed.uppercased() }
        return parts.count == 3 && Int(parts[0]) != nil && parts[1].hasSuffix("A") && parts[2].hasSuffix("D")
            && Int(parts[1].dropLast()) != nil && Int(parts[2].dropLast()) != nil
    }

    /// Opens a capture: its format is detected from its content, and its extension must not contradict it.
    ///
    /// - Parameter options: what a file of another program does not say of itself.
    public static func open(
        _ path: String, _ options: ReadOptions = ReadOptions()
    ) throws(TapError) -> any CaptureReader & ~Copyable {
        switch try kind(of: path, options) {
        case .sigrok: return try SigrokReader(path, options)
        case .vcd: return try VCDReader(path, wanted: options.wanted)
        case .jsonl: return try JSONLinesReader(path)
        case .csv: return try CSVReader(path, options)
        case .comtrade: return try ComtradeReader(path, options)
        }
    }

    /// Likewise, with nothing but a span of it: since its beginning, `to` nil: up to its end.
    public static func open(
        _ path: String, _ options: ReadOptions = ReadOptions(), from: Nanoseconds, to: Nanoseconds?
    ) throws(TapError) -> any CaptureReader & ~Copyable {
        let reader = try open(path, options)
        guard from > .zero || to != nil else { return reader }
        return WindowReader(reader, from: from, to: to)
    }

    public static func kind(
        of path: String, _ options: ReadOptions = ReadOptions()
    ) throws(TapError) -> CaptureFormat {
        // The data of a COMTRADE record say nothing of themselves.
        if [".dat", ".cff"].contains(where: { path.lowercased().hasSuffix($0) }) { return .comtrade }
        let named = CaptureFormat(name: path)
        if let text = try CaptureFormat.output(path) {
            throw TapError(
                .unsupported, InputPlace.name(path), "is \(text), which cannot be read back",
                remedy: "make it again with --format jsonl")
        }
        guard let found = try CaptureFormat.of(content: path, options) else {
            let what = named.map { "is not \($0.title), as its extension says, nor" } ?? "is not"
            throw TapError(
                .configuration, InputPlace.name(path), "\(what) any capture format that tap reads",
                remedy: "tap reads sigrok .sr, VCD, COMTRADE, CSV and its own JSON Lines")
        }
        if let named, named != found {
            throw TapError(
                .configuration, InputPlace.name(path),
                "its extension says \(named.title), but its content is \(found.title)",
                remedy: "rename it to .\(found.rawValue) if that is right")
        }
        return found
    }
}
