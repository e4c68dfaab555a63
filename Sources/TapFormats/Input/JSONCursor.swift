import TapCore

/// One JSON text (RFC 8259), read from front to back without building anything: the caller asks for what it expects.
package struct JSONCursor: Sendable {
    /// Why it went no further, in words that follow the place; nothing is read after it.
    package struct Problem: Error {
        package var what: String

        package init(what: String) { self.what = what }
    }

    package private(set) var text: [UInt8] = []
    package private(set) var position = 0
    /// Nothing tap writes goes deeper.
    private static let deepest = 16

    package init() {}

    /// Takes the next text; keeps its memory.
    package mutating func load(_ bytes: [UInt8], _ range: Range<Int>) {
        text.removeAll(keepingCapacity: true)
        text.append(contentsOf: bytes[range])
        position = 0
    }

    private mutating func skipSpace() {
        while position < text.count {
            switch text[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    /// The next byte that is not white space; 0 at the end.
    private mutating func peek() -> UInt8 {
        if position < text.count, text[position] > 0x20 { return text[position] }
        skipSpace()
        return position < text.count ? text[position] : 0
    }

    private mutating func expect(_ byte: UInt8, _ word: String) throws(Problem) {
        guard peek() == byte else { throw Problem(what: "no \(word) at column \(position + 1)") }
        position += 1
    }

    /// After the last value.
    mutating func expectEnd() throws(Problem) {
        guard peek() == 0, position == text.count else {
            throw Problem(what: "unexpected text at column \(position + 1)")
        }
    }

    /// Calls `body` with each member's name, as it is escaped in the text; `body` reads its value.
    package mutating func object(_ body: (inout JSONCursor, Range<Int>) throws(Problem) -> Void) throws(Problem) {
        try expect(UInt8(ascii: "{"), "object")
        if peek() == UInt8(ascii: "}") {
            position += 1
            return
        }
        while true {
            let name = try rawString()
            try expect(UInt8(ascii: ":"), "':'")
            try body(&self, name)
            if peek() == UInt8(ascii: ",") {
                position += 1
                continue
            }
            try expect(UInt8(ascii: "}"), "',' or '}'")
            return
        }
    }

    /// Calls `body` before each element; `body` reads it.
    package mutating func array(_ body: (inout JSONCursor) throws(Problem) -> Void) throws(Problem) {
        try expect(UInt8(ascii: "["), "list")
        if peek() == UInt8(ascii: "]") {
            position += 1
            return
        }
        while true {
            try body(&self)
            if peek() == UInt8(ascii: ",") {
                position += 1
                continue
            }
            try expect(UInt8(ascii: "]"), "',' or ']'")
            return
        }
    }

    /// The place of a string's text, escapes unresolved, or of a number or word.
    mutating func scalar() throws(Problem) -> Range<Int> {
        if peek() == UInt8(ascii: "\"") { return try rawString() }
        let range = word()
        guard !range.isEmpty else { throw Problem(what: "no text or number at column \(position + 1)") }
        return range
    }

    package func equals(_ range: Range<Int>, _ word: String) -> Bool {
        range.count == word.utf8.count && text[range].elementsEqual(word.utf8)
    }

    /// What stands between the quotes, escapes unresolved.
    mutating func rawString() throws(Problem) -> Range<Int> {
        try expect(UInt8(ascii: "\""), "string")
        let begin = position
        while position < text.count {
            switch text[position] {
            case UInt8(ascii: "\""):
                position += 1
                return begin..<position - 1
            case UInt8(ascii: "\\"): position += 2
            case 0..<0x20: throw Problem(what: "a control character in a string at column \(position + 1)")
            default: position += 1
            }
        }
        throw Problem(what: "an unterminated string")
    }

    /// Goes back to a value that was skipped.
    mutating func load(at range: Range<Int>) { position = range.lowerBound }

    package mutating func string() throws(Problem) -> String { try resolved(rawString()) }

    /// What a raw string means.
    func resolved(_ range: Range<Int>) throws(Problem) -> String {
        guard text[range].contains(UInt8(ascii: "\\")) else { return String(decoding: text[range], as: UTF8.self) }
        return try JSONCursor.unescaped(text[range])
    }

    private static func unescaped(_ bytes: ArraySlice<UInt8>) throws(Problem) -> String {
        var result: [UInt8] = []
        var units: [UInt16] = []
        var rest = bytes
        func flush() {
            result += Array(String(decoding: units, as: UTF16.self).utf8)
            units.removeAll()
        }
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let kind = rest.popFirst() else {
                flush()
                result.append(byte)
                continue
            }
            if kind == UInt8(ascii: "u") {
                let hex = rest.prefix(4)
                guard hex.count == 4, let unit = UInt16(String(decoding: hex, as: UTF8.self), radix: 16) else {
                    throw Problem(what: "an invalid escape in a string")
                }
                units.append(unit)
                rest = rest.dropFirst(4)
                continue
            }
            flush()
            let escapes: [(UInt8, UInt8)] = [
                (0x22, 0x22), (0x5C, 0x5C), (0x2F, 0x2F), (0x62, 8), (0x66, 12), (0x6E, 10), (0x72, 13), (0x74, 9),
            ]
            guard let meant = escapes.first(where: { $0.0 == kind })?.1 else {
                throw Problem(what: "an invalid escape in a string")
            }
            result.append(meant)
        }
        flush()
        return String(decoding: result, as: UTF8.self)
    }

    private mutating func word() -> Range<Int> {
        _ = peek()
        let begin = position
        while position < text.count {
            switch text[position] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."):
                position += 1
            default: return begin..<position
            }
        }
        return begin..<position
    }

    mutating func unsigned() throws(Problem) -> UInt64 {
        let range = word()
        guard let value = Decimal.unsigned(text, range) else { throw notA("whole number from 0 on", range) }
        return value
    }

    mutating func signed() throws(Problem) -> Int64 {
        let range = word()
        guard let value = Decimal.signed(text, range) else { throw notA("whole number", range) }
        return value
    }

    mutating func number() throws(Problem) -> Double {
        let range = word()
        guard let first = range.first, text[first] == UInt8(ascii: "-") || text[first] &- 48 <= 9,
            let value = Decimal.double(text, range)
        else { throw notA("number", range) }
        return value
    }

    /// A number's bits in a sample's format: an integer as it is, a float's pattern. null is "not a number".
    mutating func sample(_ format: ScanFormat) throws(Problem) -> Int64 {
        guard format.isFloat else { return try signed() }
        if null() {
            return format.bits == 32
                ? Int64(Float.nan.bitPattern) : Int64(bitPattern: Double.nan.bitPattern)
        }
        let range = word()
        guard range.count <= 400 else { throw notA("number", range) }
        let digits = String(decoding: text[range], as: UTF8.self)
        if format.bits == 32 {
            guard let value = Float(digits), value.isFinite else { throw notA("number of 32 bits", range) }
            return Int64(value.bitPattern)
        }
        guard let value = Double(digits), value.isFinite else { throw notA("number", range) }
        return Int64(bitPattern: value.bitPattern)
    }

    /// What a tag is claimed to be; null is "not a number".
    mutating func claimed() throws(Problem) -> Claim.Value {
        switch peek() {
        case UInt8(ascii: "\""): return .text(ShortText(try string()))
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool(try bool())
        default: return .number(null() ? .nan : try number())
        }
    }

    package mutating func bool() throws(Problem) -> Bool {
        let range = word()
        if equals(range, "true") { return true }
        guard equals(range, "false") else { throw notA("true or false", range) }
        return false
    }

    private func notA(_ what: String, _ range: Range<Int>) -> Problem {
        Problem(what: "no \(what) at column \(range.lowerBound + 1)")
    }

    /// Takes a null if there is one.
    package mutating func null() -> Bool {
        guard peek() == UInt8(ascii: "n"), position + 4 <= text.count, equals(position..<position + 4, "null") else {
            return false
        }
        position += 4
        return true
    }

    /// Of a member that nobody knows.
    package mutating func skipValue(depth: Int = 0) throws(Problem) {
        guard depth < JSONCursor.deepest else { throw Problem(what: "lists and objects \(depth) deep") }
        switch peek() {
        case UInt8(ascii: "{"):
            try object { (cursor, _) throws(Problem) in try cursor.skipValue(depth: depth + 1) }
        case UInt8(ascii: "["): try array { (cursor) throws(Problem) in try cursor.skipValue(depth: depth + 1) }
        case UInt8(ascii: "\""): _ = try rawString()
        default:
            let range = word()
            guard !range.isEmpty else { throw Problem(what: "no value at column \(position + 1)") }
        }
    }
}
