package import TapCore

/// What one message says of one tag: a value alone, or a member of a JSON object. Not thread-safe.
package struct ClaimPayload: Sendable {
    /// Why nothing can be read of it, in words that follow its place.
    package struct Problem: Error, Sendable, Hashable {
        package var what: String

        package init(what: String) { self.what = what }
    }

    private var cursor = JSONCursor()

    package init() {}

    /// - Parameter member: of a JSON object, whose other members are passed over; nil: the whole message is the value, which is a
    ///   number, `true` or `false`, a text in quotes as JSON has it, or anything else as a text.
    /// - Returns: what is written, not what the tag can be: see `ClaimTag.claim(of:)`.
    package mutating func value(_ bytes: [UInt8], member: String?) throws(Problem) -> Claim.Value {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw Problem(what: "is no UTF-8") }
        let range = Decimal.trimmed(bytes, 0..<bytes.count)
        guard !range.isEmpty else { throw Problem(what: "is empty") }
        cursor.load(bytes, range)
        do throws(JSONCursor.Problem) {
            guard let member else { return try whole(bytes, range) }
            return try self.member(member)
        } catch { throw Problem(what: error.what) }
    }

    private mutating func member(_ wanted: String) throws(JSONCursor.Problem) -> Claim.Value {
        var value: Claim.Value?
        try cursor.object { (cursor, name) throws(JSONCursor.Problem) in
            guard try cursor.resolved(name) == wanted else { return try cursor.skipValue() }
            guard value == nil else { throw JSONCursor.Problem(what: "has '\(printable(wanted, longest: 40))' twice") }
            value = try ClaimObjects.value(&cursor)
        }
        try cursor.expectEnd()
        guard let value else { throw JSONCursor.Problem(what: "has no member '\(printable(wanted, longest: 40))'") }
        return value
    }

    private mutating func whole(_ bytes: [UInt8], _ range: Range<Int>) throws(JSONCursor.Problem) -> Claim.Value {
        switch bytes[range.lowerBound] {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            throw JSONCursor.Problem(what: "is JSON of several values: name the 'member' of the tag")
        case UInt8(ascii: "\""):
            let text = try cursor.string()
            try cursor.expectEnd()
            return .text(ShortText(text))
        default:
            let text = String(decoding: bytes[range], as: UTF8.self)
            // Not what else Swift takes for a number.
            let isPlain = text.utf8.allSatisfy("+-.0123456789Ee".utf8.contains)
            if isPlain, let number = Decimal.double(bytes, range) { return .number(number) }
            return text == "true" || text == "false" ? .bool(text == "true") : .text(ShortText(text))
        }
    }
}
