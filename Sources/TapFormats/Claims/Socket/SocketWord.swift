package import TapCore

/// What `tap claims hear` says through a socket besides claims: docs/formats/claims.md.
enum SocketWord: Sendable, Hashable {
    /// It hears these sources, on the machine of that boot; its claims have monotonic times.
    case hello(sources: [String], boot: String)
    /// All that was heard until then is said; times may be off by so much.
    case reached(monotonic_ns: UInt64, uncertainty_ns: UInt64)
    /// What a tag of the source, or any, said in that span is not known.
    case lost(source: String, tag: String?, from_ns: UInt64, to_ns: UInt64)

    static let version: UInt64 = 1
    private static let names = ["tap-claims", "reached_ns", "lost"]

    /// nil: the line is a claim, as its first member shows.
    static func read(
        _ bytes: [UInt8], _ range: Range<Int>, _ cursor: inout JSONCursor
    ) throws(ClaimRow.Problem) -> SocketWord? {
        let line = bytes[range]
        guard names.contains(where: { line.starts(with: "{\"\($0)\"".utf8) }) else { return nil }
        cursor.load(bytes, range)
        do throws(JSONCursor.Problem) { return try read(&cursor) } catch {
            throw ClaimRow.Problem(what: error.what, remedy: "both sides must be of one version of tap")
        }
    }

    private static func read(_ cursor: inout JSONCursor) throws(JSONCursor.Problem) -> SocketWord {
        var version: UInt64?
        var (boot, lost, tag): (String?, String?, String?)
        var (reached, from, to, uncertainty): (UInt64?, UInt64?, UInt64?, UInt64?)
        var sources: [String] = []
        try cursor.object { (cursor, name) throws(JSONCursor.Problem) in
            switch String(decoding: cursor.text[name], as: UTF8.self) {
            case "tap-claims": version = try cursor.unsigned()
            case "boot_id": boot = try cursor.string()
            case "sources":
                try cursor.array { cursor throws(JSONCursor.Problem) in sources.append(try cursor.string()) }
            case "reached_ns": reached = try cursor.unsigned()
            case "uncertainty_ns": uncertainty = try cursor.unsigned()
            case "lost": lost = try cursor.string()
            case "tag": tag = try cursor.string()
            case "from_monotonic_ns": from = try cursor.unsigned()
            case "monotonic_ns": to = try cursor.unsigned()
            default: try cursor.skipValue()
            }
        }
        try cursor.expectEnd()
        if let reached { return .reached(monotonic_ns: reached, uncertainty_ns: uncertainty ?? 0) }
        if let lost, let from, let to { return .lost(source: lost, tag: tag, from_ns: from, to_ns: max(from, to)) }
        if version == SocketWord.version, let boot { return .hello(sources: sources, boot: boot) }
        throw JSONCursor.Problem(
            what: version.map { "'tap-claims' is \($0), and this is 1" } ?? "a word of tap without its members")
    }
}

/// The same, written: lines without their ends.
package enum SocketLine {
    package static func hello(sources: [String], boot: String) -> String {
        JSON.object([
            ("tap-claims", "\(SocketWord.version)"), ("boot_id", JSON.string(boot)),
            ("sources", "[" + sources.map(JSON.string).joined(separator: ",") + "]"),
        ])
    }

    package static func reached(_ monotonic: Timestamp, uncertainty: Nanoseconds) -> String {
        JSON.object([
            ("reached_ns", "\(monotonic.nanoseconds)"), ("uncertainty_ns", "\(max(0, uncertainty.count))"),
        ])
    }

    package static func lost(_ tag: TagInfo, from: Timestamp, to: Timestamp) -> String {
        JSON.object([
            ("lost", JSON.string(tag.source)), ("tag", JSON.string(tag.name)),
            ("from_monotonic_ns", "\(from.nanoseconds)"), ("monotonic_ns", "\(to.nanoseconds)"),
        ])
    }
}

/// Claims of one tag, written: lines with their ends.
package struct SocketClaimLine: Sendable {
    /// All that is before the value.
    private let head: [UInt8]

    package init(_ tag: TagInfo) {
        head = Array("{\"source\":\(JSON.string(tag.source)),\"tag\":\(JSON.string(tag.name)),\"value\":".utf8)
    }

    /// Appends a claim. It allocates where a number has more than 15 characters, and for what must be escaped in a text.
    ///
    /// - Parameter time: by CLOCK_MONOTONIC.
    package func append(_ claim: Claim, at time: Timestamp, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: head)
        switch claim.value {
        case .bool(let isTrue): bytes.append(contentsOf: (isTrue ? "true" : "false").utf8)
        case .number(let number): bytes.append(contentsOf: JSON.number(number).utf8)
        case .text(let text): bytes.append(contentsOf: JSON.string(text.text).utf8)
        }
        bytes.append(contentsOf: ",\"quality\":\"".utf8)
        bytes.append(contentsOf: Words.quality(claim.quality).utf8)
        bytes.append(contentsOf: "\",\"monotonic_ns\":".utf8)
        SocketClaimLine.append(decimal: time.nanoseconds, to: &bytes)
        if case .text(let text) = claim.value, text.isCut { bytes.append(contentsOf: ",\"cut\":true".utf8) }
        bytes.append(contentsOf: "}\n".utf8)
    }

    private static func append(decimal number: UInt64, to bytes: inout [UInt8]) {
        var power: UInt64 = 1
        while number / power >= 10 { power *= 10 }
        while power > 0 {
            bytes.append(UInt8(number / power % 10) + UInt8(ascii: "0"))
            power /= 10
        }
    }
}
