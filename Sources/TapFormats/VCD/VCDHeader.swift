import TapCore

/// What stands before `$enddefinitions` in a Value Change Dump: the unit of time and the variables.
struct VCDHeader: Sendable {
    /// A variable: some bits or a number, by the names that the file gives it.
    struct Variable: Sendable {
        /// Bits of a wire or vector, highest first, as lines; empty: a number.
        var lines: [LineID] = []
        var channel: Int?
    }

    var unit = VCDTimescale()
    var startUTC: UInt64?
    var lines: [LineInfo] = []
    var channels: [String] = []
    /// By identifier, see `code(of:_:)`: all variables that share it; empty: of what tap skips.
    private(set) var variables: [UInt64: [Variable]] = [:]
    /// The identifiers in the order of their first declaration, and as they are written.
    private(set) var codes: [UInt64] = []
    private(set) var identifiers: [[UInt8]] = []
    /// Of identifiers that are too long for a number of their own.
    private var longCodes: [[UInt8]: UInt64] = [:]
    /// Variables that tap cannot use: name and why.
    private(set) var skipped: [String] = []

    static let mostLines = 4_096
    static let mostChannels = 1_024
    private static let mostDeclared = 1 << 20
    private static let mostScopes = 64

    /// A variable as the file has it.
    private struct Declaration {
        var identifier: [UInt8]
        /// Bits; 0: a number.
        var width: Int
        var path: [String]
        var name: String
        /// Why it cannot be used; nil: it can.
        var reason: String?
    }

    init(_ file: inout InputFile, wanted: Set<String> = []) throws(TapError) {
        var declared: [Declaration] = []
        var scopes: [String] = []
        while true {
            guard let range = try file.nextToken() else {
                throw file.mistake(
                    "ends within the header of a VCD file", remedy: "the file is truncated; use a complete one")
            }
            let keyword = file.text(range)
            guard keyword.hasPrefix("$") else {
                throw file.mistake(
                    "'\(printable(keyword, longest: 40))' where a VCD file has a $keyword",
                    remedy: "this is not a VCD file")
            }
            let words = try VCDHeader.words(&file, of: keyword)
            switch keyword {
            case "$enddefinitions":
                name(declared, wanted)
                return
            case "$timescale":
                guard let scale = VCDTimescale(words.joined()) else {
                    throw file.mistake(
                        "a timescale of '\(printable(words.joined(), longest: 40))'",
                        remedy: "write a number and s, ms, us, ns, ps or fs")
                }
                unit = scale
            case "$date": startUTC = Words.nanoseconds(utc: words.joined(separator: " "))
            case "$scope":
                guard scopes.count < VCDHeader.mostScopes else {
                    throw file.mistake("scopes \(scopes.count) deep", remedy: "this is not a VCD file")
                }
                scopes.append(words.count > 1 ? words[1] : "")
            case "$upscope": _ = scopes.popLast()
            case "$var":
                guard declared.count < VCDHeader.mostDeclared else {
                    throw file.mistake(
                        "more than \(VCDHeader.mostDeclared) variables", remedy: "dump fewer variables")
                }
                declared.append(try VCDHeader.declaration(words, scopes, &file))
            default: break
            }
        }
    }

    /// Up to `$end`.
    private static func words(_ file: inout InputFile, of keyword: String) throws(TapError) -> [String] {
        var words: [String] = []
        let begin = file.line
        while let range = try file.nextToken() {
            if file.text(range) == "$end" { return words }
            // A comment may be long, and nobody reads it.
            if words.count < 64 { words.append(file.text(range)) }
        }
        throw TapError(
            .configuration, "\(printable(file.path)):\(begin)", "'\(printable(keyword, longest: 40))' has no $end",
            remedy: "the file is truncated; use a complete one")
    }

    private static func declaration(
        _ words: [String], _ path: [String], _ file: inout InputFile
    ) throws(TapError) -> Declaration {
        guard words.count >= 4, let width = Int(words[1]), width >= 0 else {
            throw file.mistake(
                "'$var \(printable(words.joined(separator: " "), longest: 60))' is not type, width, identifier and name",
                remedy: "tap cannot read this VCD file")
        }
        let isReal = ["real", "realtime", "shortreal", "real_parameter"].contains(words[0])
        var reason: String?
        if ["string", "event"].contains(words[0]) {
            reason = words[0]
        } else if width == 0, !isReal {
            reason = "no bits"
        }
        return Declaration(
            identifier: Array(words[2].utf8), width: isReal ? 0 : width, path: path, name: name(words[3...]),
            reason: reason)
    }

    /// With its spaces, but for the one that may stand before a range of bits.
    private static func name(_ words: ArraySlice<String>) -> String {
        words.dropFirst().reduce(words.first ?? "") { $0 + ($1.hasPrefix("[") ? "" : " ") + $1 }
    }

    /// An identifier as a number; nil: no variable has it.
    @inline(__always)
    func code(of bytes: [UInt8], _ range: Range<Int>) -> UInt64? {
        if let short = VCDHeader.code(bytes, range) { return short }
        return longCodes[Array(bytes[range])]
    }

    /// Of at most nine characters that the standard has; nil: of more, or of others.
    @inline(__always)
    private static func code(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64? {
        guard !range.isEmpty, range.count <= 9 else { return nil }
        var code: UInt64 = 0
        for index in range {
            let character = bytes[index] &- 33
            guard character < 94 else { return nil }
            code = code &* 95 &+ UInt64(character) &+ 1
        }
        return code
    }

    private mutating func newCode(of identifier: [UInt8]) -> UInt64 {
        if let code = code(of: identifier, identifier.indices) { return code }
        // Far above those of nine characters.
        let code = UInt64.max - UInt64(longCodes.count)
        longCodes[identifier] = code
        return code
    }

    /// Names lines and channels by their path within the outermost scope, if there is only one of those.
    private mutating func name(_ declared: [Declaration], _ wanted: Set<String>) {
        let top = declared.first?.path.first
        let isOneTop = declared.allSatisfy { $0.path.first == top }
        let paths = declared.map { item in
            ((isOneTop ? Array(item.path.dropFirst()) : item.path) + [item.name]).joined(separator: ".")
        }
        let reasons = VCDHeader.reasons(declared, paths, wanted)
        var names = UniqueNames()
        for (index, item) in declared.enumerated() {
            let name = paths[index]
            let code = newCode(of: item.identifier)
            if variables[code] == nil {
                codes.append(code)
                identifiers.append(item.identifier)
            }
            if let reason = reasons[index] {
                variables[code, default: []] += []
                skipped.append("\(printable(name)) (\(reason))")
            } else {
                variables[code, default: []].append(add(item, name, &names))
            }
        }
    }

    /// Why each cannot be used; nil: it can. What is wanted takes its room first.
    private static func reasons(_ declared: [Declaration], _ names: [String], _ wanted: Set<String>) -> [String?] {
        var reasons = declared.map(\.reason)
        let first = declared.indices.filter { isWanted(declared[$0], names[$0], wanted) }
        let isFirst = Set(first)
        var (lines, channels) = (0, 0)
        for index in first + declared.indices.filter({ !isFirst.contains($0) }) where reasons[index] == nil {
            let width = declared[index].width
            if width == 0, channels == mostChannels {
                reasons[index] = "more than \(mostChannels) channels"
            } else if width > mostLines - lines {
                reasons[index] = "\(counted(width, "bit")), more than \(mostLines) in all"
            } else {
                lines += width
                channels += width == 0 ? 1 : 0
            }
        }
        return reasons
    }

    private static func isWanted(_ item: Declaration, _ name: String, _ wanted: Set<String>) -> Bool {
        guard !wanted.isEmpty else { return false }
        if item.width == 0 {
            let address = ChannelAddress(name)
            return wanted.contains(address.device) || wanted.contains("\(address.device).\(address.channel)")
        }
        if item.width == 1 { return wanted.contains(name) }
        guard item.width <= mostLines else { return false }
        return (0..<item.width).contains { wanted.contains("\(name).\($0)") }
    }

    private mutating func add(_ item: Declaration, _ name: String, _ names: inout UniqueNames) -> Variable {
        var variable = Variable()
        guard item.width > 0 else {
            variable.channel = channels.count
            channels.append(names.take(name, or: "A\(channels.count)"))
            return variable
        }
        for bit in (0..<item.width).reversed() {
            let id = LineID(UInt16(lines.count))
            lines.append(
                LineInfo(
                    id: id, name: names.take(item.width == 1 ? name : "\(name).\(bit)", or: "D\(lines.count)"),
                    offset: item.width == 1 ? 0 : bit))
            variable.lines.append(id)
        }
        return variable
    }
}
