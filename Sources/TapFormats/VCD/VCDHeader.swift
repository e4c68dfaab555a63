import TapCore

/// What stands before `$enddefinitions` in a Value Change Dump: the unit of time and the variables.
struct VCDHeader: Sendable {
    /// A variable: some bits or a number, by the names that the file gives it.
    struct Variable: Sendable {
        /// Bits of a wire or vector, highest first, as lines; empty: a number.
        var lines: [LineID] = []
        var channel: Int?
    }

    /// Nanoseconds of a unit of time; zero where it is shorter than one.
    var unit_ns: UInt64 = 1
    /// Units of time in a nanosecond; zero where one unit is at least that.
    var unitsPerNanosecond: UInt64 = 0
    var startUTC: UInt64?
    var lines: [LineInfo] = []
    var channels: [String] = []
    /// By identifier, see `VCDHeader.code`: all variables that share it.
    private(set) var variables: [UInt64: [Variable]] = [:]
    /// The identifiers in the order of their first declaration.
    private(set) var codes: [UInt64] = []

    static let mostLines = 4_096
    static let mostChannels = 1_024
    private static let mostScopes = 64

    init(_ file: inout InputFile) throws(TapError) {
        var declared: [(code: UInt64, width: Int, isReal: Bool, path: [String], name: String)] = []
        var scopes: [String] = []
        var width = 0
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
                name(declared)
                return
            case "$timescale": try setUnit(words.joined(), &file)
            case "$date": startUTC = Words.nanoseconds(utc: words.joined(separator: " "))
            case "$scope":
                guard scopes.count < VCDHeader.mostScopes else {
                    throw file.mistake("scopes \(scopes.count) deep", remedy: "this is not a VCD file")
                }
                scopes.append(words.count > 1 ? words[1] : "")
            case "$upscope": _ = scopes.popLast()
            case "$var":
                let variable = try VCDHeader.variable(words, &file)
                width += variable.isReal ? 0 : variable.width
                guard width <= VCDHeader.mostLines, declared.count < VCDHeader.mostLines + VCDHeader.mostChannels else {
                    throw file.mistake(
                        "more than \(VCDHeader.mostLines) wires", remedy: "dump fewer variables")
                }
                declared.append((variable.code, variable.width, variable.isReal, scopes, variable.name))
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

    private static func variable(
        _ words: [String], _ file: inout InputFile
    ) throws(TapError) -> (code: UInt64, width: Int, isReal: Bool, name: String) {
        guard words.count >= 4, let width = Int(words[1]), (1...mostLines).contains(width),
            let code = code(Array(words[2].utf8), 0..<words[2].utf8.count)
        else {
            throw file.mistake(
                "'$var \(printable(words.joined(separator: " "), longest: 60))' is not type, width, identifier and name",
                remedy: "tap cannot read this VCD file")
        }
        let isReal = words[0] == "real" || words[0] == "realtime"
        return (code, width, isReal, words[3...].joined())
    }

    /// An identifier as a number; nil: more than nine characters, or none that VCD has.
    @inline(__always)
    static func code(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64? {
        guard !range.isEmpty, range.count <= 9 else { return nil }
        var code: UInt64 = 0
        for index in range {
            let character = bytes[index] &- 33
            guard character < 94 else { return nil }
            code = code &* 95 &+ UInt64(character) &+ 1
        }
        return code
    }

    private mutating func setUnit(_ text: String, _ file: inout InputFile) throws(TapError) {
        let digits = text.prefix { $0.isNumber }
        let powers = ["s": 9, "ms": 6, "us": 3, "ns": 0, "ps": -3, "fs": -6]
        guard ["1", "10", "100"].contains(digits), let power = powers[String(text.dropFirst(digits.count))] else {
            throw file.mistake(
                "a timescale of '\(printable(text, longest: 40))'",
                remedy: "write 1, 10 or 100 and s, ms, us, ns, ps or fs")
        }
        let exponent = power + digits.count - 1
        var factor: UInt64 = 1
        for _ in 0..<exponent.magnitude { factor *= 10 }
        unit_ns = exponent >= 0 ? factor : 0
        unitsPerNanosecond = exponent >= 0 ? 0 : factor
    }

    /// Names lines and channels by their path within the outermost scope, if there is only one of those.
    private mutating func name(_ declared: [(code: UInt64, width: Int, isReal: Bool, path: [String], name: String)]) {
        let top = declared.first?.path.first
        let isOneTop = declared.allSatisfy { $0.path.first == top }
        var names = UniqueNames()
        for item in declared {
            let path = isOneTop ? Array(item.path.dropFirst()) : item.path
            let name = (path + [item.name]).joined(separator: ".")
            var variable = Variable()
            if item.isReal {
                variable.channel = channels.count
                channels.append(names.take(name, or: "A\(channels.count)"))
            } else {
                for bit in (0..<item.width).reversed() {
                    let id = LineID(UInt16(lines.count))
                    lines.append(
                        LineInfo(
                            id: id, name: names.take(item.width == 1 ? name : "\(name).\(bit)", or: "D\(lines.count)"),
                            offset: item.width == 1 ? 0 : bit))
                    variable.lines.append(id)
                }
            }
            if variables[item.code] == nil { codes.append(item.code) }
            variables[item.code, default: []].append(variable)
        }
    }
}
