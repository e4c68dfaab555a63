import TapCore

/// A time stamp of RFC 3161: what its token says. Whether an authority signed that, see `StampAuthorities`.
struct TimeStamp: Sendable, Hashable {
    /// SHA-256 of what is stamped.
    private(set) var imprint: [UInt8] = []
    /// Since 1970.
    private(set) var time_us: UInt64 = 0
    private(set) var accuracy_us: UInt64 = 0
    /// Of the request, shortest big-endian bytes; empty: none.
    private(set) var nonce: [UInt8] = []

    /// Bytes of a token that are entered into a log.
    static let longest = 1 << 14

    static let sha256: [UInt8] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]
    private static let signedData: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02]
    private static let info: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04]

    /// When it is sure that it was made by, and no earlier than, in seconds since 1970.
    var latest_s: UInt64 { (time_us + accuracy_us + 999_999) / 1_000_000 }
    var earliest_s: UInt64 { time_us > accuracy_us ? (time_us - accuracy_us) / 1_000_000 : 0 }

    /// Asks for a time stamp of a digest, with the certificates of who signs it.
    ///
    /// - Parameter nonce: not 0.
    static func query(_ imprint: [UInt8], nonce: UInt64) -> [UInt8] {
        typealias Tag = DERReader.Tag
        let algorithm = DERReader.write(
            Tag.sequence, DERReader.write(Tag.object, sha256) + DERReader.write(0x05, []))
        return DERReader.write(
            Tag.sequence,
            DERReader.write(Tag.integer, [1])
                + DERReader.write(Tag.sequence, algorithm + DERReader.write(Tag.octets, imprint))
                + DERReader.write(Tag.integer, integer(nonce)) + DERReader.write(0x01, [0xff]))
    }

    /// As DER writes the content of an integer.
    private static func integer(_ value: UInt64) -> [UInt8] {
        let bytes = bytes(value)
        return bytes[0] >= 0x80 ? [0] + bytes : bytes
    }

    static func bytes(_ value: UInt64) -> [UInt8] {
        let all = (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * $0)) }
        return Array(all.drop { $0 == 0 }.isEmpty ? [0] : all.drop { $0 == 0 })
    }

    /// What came is no time stamp.
    struct Problem: Error { var what: String }

    /// The token of an answer.
    static func token(of response: [UInt8]) throws(Problem) -> [UInt8] {
        var reader = DERReader(response)
        guard var answer = reader.values(DERReader.Tag.sequence), reader.isAtEnd,
            var about = answer.values(DERReader.Tag.sequence), let status = about.small()
        else { throw Problem(what: "what it sends is no time stamp") }
        guard status <= 1 else { throw Problem(what: "it gives no time stamp: status \(status)\(words(&about))") }
        guard let token = answer.whole(), answer.isAtEnd else { throw Problem(what: "what it sends is no time stamp") }
        return token
    }

    /// The free text behind a status.
    private static func words(_ about: inout DERReader) -> String {
        guard var texts = about.values(DERReader.Tag.sequence), let text = texts.value(0x0c) else { return "" }
        return ", '\(printable(String(decoding: text.prefix(200), as: UTF8.self)))'"
    }

    /// - Parameter token: a ContentInfo of CMS.
    init(parsing token: [UInt8]) throws(Problem) {
        typealias Tag = DERReader.Tag
        let explicit = Tag.context(0, isConstructed: true)
        guard token.count <= TimeStamp.longest else {
            throw Problem(what: "it has more than \(TimeStamp.longest) bytes")
        }
        var reader = DERReader(token)
        guard var content = reader.values(Tag.sequence), reader.isAtEnd,
            content.value(Tag.object) == TimeStamp.signedData,
            var inner = content.values(explicit), content.isAtEnd, var signed = inner.values(Tag.sequence),
            inner.isAtEnd,
            signed.number() != nil, signed.value(0x31) != nil, var encapsulated = signed.values(Tag.sequence),
            encapsulated.value(Tag.object) == TimeStamp.info, var octets = encapsulated.values(explicit),
            let info = octets.value(Tag.octets), octets.isAtEnd
        else { throw Problem(what: "it is no signed time stamp") }
        try self.init(info: info)
    }

    private init(info: [UInt8]) throws(Problem) {
        typealias Tag = DERReader.Tag
        var outer = DERReader(info)
        guard var fields = outer.values(Tag.sequence), outer.isAtEnd, fields.small() == 1,
            fields.value(Tag.object) != nil,
            var print = fields.values(Tag.sequence), var algorithm = print.values(Tag.sequence)
        else { throw Problem(what: "what it signs is no time stamp") }
        guard algorithm.value(Tag.object) == TimeStamp.sha256 else {
            throw Problem(what: "it is of another digest than SHA-256")
        }
        guard let imprint = print.value(Tag.octets), print.isAtEnd, imprint.count == 32, fields.number() != nil,
            let text = fields.value(Tag.time)
        else { throw Problem(what: "what it signs is no time stamp") }
        guard let time = TimeStamp.time_us(text) else { throw Problem(what: "its time cannot be read") }
        (self.imprint, time_us) = (imprint, time)
        if fields.nextTag == Tag.sequence {
            guard var parts = fields.values(Tag.sequence), let accuracy = TimeStamp.accuracy_us(&parts), parts.isAtEnd
            else {
                throw Problem(what: "its accuracy cannot be read")
            }
            accuracy_us = accuracy
        }
        guard fields.skip(0x01) else { throw Problem(what: "what it signs is no time stamp") }
        if fields.nextTag == Tag.integer {
            guard let nonce = fields.number() else { throw Problem(what: "its nonce cannot be read") }
            self.nonce = nonce
        }
        guard fields.skip(Tag.context(0, isConstructed: true)), fields.skip(Tag.context(1, isConstructed: true)),
            fields.isAtEnd
        else { throw Problem(what: "what it signs is no time stamp") }
    }

    /// A year at most.
    private static func accuracy_us(_ parts: inout DERReader) -> UInt64? {
        var sum: UInt64 = 0
        for (tag, scale) in [
            (DERReader.Tag.integer, 1_000_000), (DERReader.Tag.context(0, isConstructed: false), 1_000),
            (DERReader.Tag.context(1, isConstructed: false), 1),
        ] as [(UInt8, UInt64)] where parts.nextTag == tag {
            guard let value = parts.small(tag), value <= 31_536_000 else { return nil }
            sum += value * scale
        }
        return sum
    }

    /// YYYYMMDDhhmmss[.f]Z from 1970 on, in microseconds since then.
    static func time_us(_ text: [UInt8]) -> UInt64? {
        guard text.last == UInt8(ascii: "Z"), text.count >= 15, text.count <= 40 else { return nil }
        func number(_ range: Range<Int>) -> UInt64? {
            var value: UInt64 = 0
            for byte in text[range] {
                guard (48...57).contains(byte) else { return nil }
                value = value * 10 + UInt64(byte - 48)
            }
            return value
        }
        guard let year = number(0..<4), let month = number(4..<6), let day = number(6..<8), let hour = number(8..<10),
            let minute = number(10..<12), let second = number(12..<14), year >= 1970, (1...12).contains(month),
            hour < 24, minute < 60, second < 60
        else { return nil }
        let isLeap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0
        let lengths: [UInt64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard day >= 1, day <= lengths[Int(month - 1)] else { return nil }
        let before = year - 1
        let days =
            365 * (year - 1970) + (before / 4 - before / 100 + before / 400) - 477
            + lengths.prefix(Int(month - 1)).reduce(0, +) + day - 1
        var fraction_us: UInt64 = 0
        if text.count > 15 {
            guard text[14] == UInt8(ascii: "."), text.count > 16, number(15..<text.count - 1) != nil else { return nil }
            for place in 0..<6 {
                fraction_us = fraction_us * 10 + (15 + place < text.count - 1 ? UInt64(text[15 + place] - 48) : 0)
            }
        }
        return (days * 86_400 + hour * 3_600 + minute * 60 + second) * 1_000_000 + fraction_us
    }
}
