public import TapCore

/// What an edge node of Sparkplug B says at once (Eclipse Sparkplug 3.0, chapter 6): a protobuf message with metrics.
///
/// What is not of use here (data sets, templates, metadata, extensions) is passed over. Memory is bounded by the message's size.
public struct SparkplugPayload: Sendable, Hashable {
    /// Why bytes are no such payload, in words that follow its place.
    public struct Problem: Error, Sendable, Hashable {
        public var what: String

        public init(what: String) { self.what = what }
    }

    /// When it was sent, by the node's clock: milliseconds since 1970; nil: not said.
    public var timestamp_ms: UInt64?
    /// From 0 to 255, then from 0 again; nil: not said.
    public var sequence: UInt8?
    public var metrics: [SparkplugMetric] = []

    private static let compressed = "SPBV1.0_COMPRESSED"

    public init(_ bytes: [UInt8]) throws(Problem) {
        var fields = ProtoFields(bytes[...])
        while let (number, value) = try fields.next() {
            switch (number, value) {
            case (1, .varint(let time)): timestamp_ms = time
            case (2, .bytes(let bytes)): metrics.append(try SparkplugMetric(bytes))
            case (3, .varint(let number)):
                guard let number = UInt8(exactly: number) else {
                    throw Problem(what: "has the sequence number \(number)")
                }
                sequence = number
            case (4, .bytes(let bytes)):
                if bytes.elementsEqual(SparkplugPayload.compressed.utf8) { throw Problem(what: "is compressed") }
            default: break
            }
        }
    }
}

/// One value of a payload.
public struct SparkplugMetric: Sendable, Hashable {
    /// As it is sent; what a whole number means, its type says.
    public enum Value: Sendable, Hashable {
        case whole(UInt64)
        case number(Double)
        case bool(Bool)
        case text(String)
        /// Bytes, a data set, a template, an extension.
        case other
    }

    /// nil: only its alias is said.
    public var name: String?
    public var alias: UInt64?
    /// When it was sampled: milliseconds since 1970; nil: not said.
    public var timestamp_ms: UInt64?
    /// The specification's number of its type; nil: as its birth says.
    public var type: UInt64?
    /// It was kept from before, and does not say how things are now.
    public var isHistorical = false
    /// The node does not know it.
    public var isNull = false
    public var value: Value?
    /// Its property of that name: 0 bad, 192 good, 500 stale; nil: not said.
    public var quality: UInt64?

    init(_ bytes: ArraySlice<UInt8>) throws(SparkplugPayload.Problem) {
        var fields = ProtoFields(bytes)
        while let (number, field) = try fields.next() {
            switch (number, field) {
            case (1, .bytes(let bytes)): name = try ProtoFields.text(bytes)
            case (2, .varint(let number)): alias = number
            case (3, .varint(let time)): timestamp_ms = time
            case (4, .varint(let number)): type = number
            case (5, .varint(let flag)): isHistorical = flag != 0
            case (7, .varint(let flag)): isNull = flag != 0
            case (9, .bytes(let bytes)): quality = try SparkplugMetric.quality(bytes)
            case (10, .varint(let number)): value = .whole(number & 0xFFFF_FFFF)
            case (11, .varint(let number)): value = .whole(number)
            case (12, .fixed32(let pattern)): value = .number(Double(Float(bitPattern: pattern)))
            case (13, .fixed64(let pattern)): value = .number(Double(bitPattern: pattern))
            case (14, .varint(let flag)): value = .bool(flag != 0)
            case (15, .bytes(let bytes)): value = .text(try ProtoFields.text(bytes))
            case (16...19, .bytes): value = .other
            default: break
            }
        }
    }

    /// Of a set of properties that of the name "Quality".
    private static func quality(_ bytes: ArraySlice<UInt8>) throws(SparkplugPayload.Problem) -> UInt64? {
        var keys: [ArraySlice<UInt8>] = []
        var values: [UInt64?] = []
        var fields = ProtoFields(bytes)
        while let (number, field) = try fields.next() {
            guard case .bytes(let bytes) = field else { continue }
            if number == 1 { keys.append(bytes) }
            guard number == 2 else { continue }
            var (property, value) = (ProtoFields(bytes), UInt64?.none)
            while let (number, field) = try property.next() {
                if case (3...4, .varint(let whole)) = (number, field) { value = whole }
            }
            values.append(value)
        }
        guard let place = keys.firstIndex(where: { $0.elementsEqual("Quality".utf8) }), place < values.count else {
            return nil
        }
        return values[place]
    }

    /// What it claims; nil: it says nothing that a tag can be, or a whole number of no known type.
    ///
    /// - Parameter type: of its birth, where it does not say one.
    public func claimed(type: UInt64?) -> Claim.Value? {
        if isNull { return .number(.nan) }
        switch value {
        case .bool(let isTrue): return .bool(isTrue)
        case .number(let number): return .number(number)
        case .text(let text): return .text(ShortText(text))
        case .whole(let pattern): return SparkplugMetric.number(pattern, self.type ?? type).map { .number($0) }
        case .other, nil: return nil
        }
    }

    /// Signed ones are sent as their pattern, of 32 bits or of as many as they have.
    private static func number(_ pattern: UInt64, _ type: UInt64?) -> Double? {
        switch type {
        case 1: Double(Int8(truncatingIfNeeded: pattern))
        case 2: Double(Int16(truncatingIfNeeded: pattern))
        case 3: Double(Int32(truncatingIfNeeded: pattern))
        case 4: Double(Int64(bitPattern: pattern))
        // UInt8 to UInt64, and DateTime in milliseconds since 1970.
        case 5, 6, 7, 8, 13: Double(pattern)
        default: nil
        }
    }
}

/// The fields of one protobuf message, one after the other. Strict where bytes could mean two things.
struct ProtoFields: Sendable {
    enum Value: Sendable {
        case varint(UInt64)
        case fixed64(UInt64)
        case bytes(ArraySlice<UInt8>)
        case fixed32(UInt32)
    }

    typealias Problem = SparkplugPayload.Problem

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// - Returns: the next field with its number; nil: there is none.
    mutating func next() throws(Problem) -> (number: UInt64, value: Value)? {
        guard !rest.isEmpty else { return nil }
        let tag = try varint()
        guard tag >> 3 > 0, tag <= UInt64(UInt32.max) else { throw Problem(what: "has a field of no valid number") }
        let value: Value =
            switch tag & 7 {
            case 0: .varint(try varint())
            case 1: .fixed64(try take(8).reversed().reduce(0) { $0 << 8 | UInt64($1) })
            case 2: .bytes(try take(try varint()))
            case 5: .fixed32(try take(4).reversed().reduce(0) { $0 << 8 | UInt32($1) })
            default: throw Problem(what: "has a field of wire type \(tag & 7)")
            }
        return (tag >> 3, value)
    }

    private mutating func varint() throws(Problem) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = rest.popFirst() else { throw Problem(what: "ends in a value") }
            guard shift < 63 || byte <= 1 else { break }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw Problem(what: "has a number of more than 64 bits")
    }

    private mutating func take(_ count: UInt64) throws(Problem) -> ArraySlice<UInt8> {
        guard count <= UInt64(rest.count) else {
            throw Problem(what: "has a field of \(count) bytes, where \(rest.count) are left")
        }
        defer { rest = rest.dropFirst(Int(count)) }
        return rest.prefix(Int(count))
    }

    static func text(_ bytes: ArraySlice<UInt8>) throws(Problem) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Problem(what: "has a text that is no UTF-8")
        }
        return text
    }
}
