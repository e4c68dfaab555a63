/// Reads the fields of one protobuf message.
///
/// After `next` either one value is read or the field is skipped. Strict: a varint has at most 10 bytes, a length stays
/// inside the message, a field has the wire type of what is asked for, and a value fits. Nothing is allocated before
/// its size is known to be there.
struct ProtoReader: Sendable {
    enum WireType: UInt8, Sendable {
        case varint = 0
        case fixed64 = 1
        case bytes = 2
        case fixed32 = 5
    }

    private let bytes: ArraySlice<UInt8>
    private var position: Int
    /// Where the outermost message begins: what a problem's offset counts from.
    private let origin: Int
    private var type = WireType.varint

    init(_ bytes: ArraySlice<UInt8>) { self.init(bytes, origin: bytes.startIndex) }

    private init(_ bytes: ArraySlice<UInt8>, origin: Int) {
        self.bytes = bytes
        position = bytes.startIndex
        self.origin = origin
    }

    /// A problem with what was read last.
    func problem(_ what: String) -> ProtoProblem { ProtoProblem(offset: position - origin, what: what) }

    var isAtEnd: Bool { position == bytes.endIndex }

    /// - Returns: the number of the next field; nil: there is none.
    mutating func next() throws(ProtoProblem) -> Int? {
        guard !isAtEnd else { return nil }
        let tag = try varint()
        guard tag <= UInt64(UInt32.max), tag >= 8 else { throw problem("a field of no valid number") }
        guard let type = WireType(rawValue: UInt8(tag & 7)) else { throw problem("wire type \(tag & 7)") }
        self.type = type
        return Int(tag >> 3)
    }

    private func expect(_ wanted: WireType) throws(ProtoProblem) {
        guard type == wanted else { throw problem("wire type \(type.rawValue) instead of \(wanted.rawValue)") }
    }

    /// A value without a tag: of the field's own, or one of a packed field's.
    @inline(__always)
    mutating func varint() throws(ProtoProblem) -> UInt64 {
        guard position < bytes.endIndex else { throw problem("it ends in a value") }
        let first = bytes[position]
        position += 1
        return first < 0x80 ? UInt64(first) : try longVarint(first)
    }

    private mutating func longVarint(_ first: UInt8) throws(ProtoProblem) -> UInt64 {
        var value = UInt64(first & 0x7F)
        var shift: UInt64 = 7
        while true {
            guard position < bytes.endIndex else { throw problem("it ends in a value") }
            let byte = bytes[position]
            position += 1
            guard shift < 63 || byte <= 1 else { throw problem("a varint of more than 64 bits") }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    mutating func uint64() throws(ProtoProblem) -> UInt64 {
        try expect(.varint)
        return try varint()
    }

    mutating func uint32() throws(ProtoProblem) -> UInt32 {
        let value = try uint64()
        guard let small = UInt32(exactly: value) else { throw problem("\(value) in 32 bits") }
        return small
    }

    mutating func uint16() throws(ProtoProblem) -> UInt16 {
        let value = try uint64()
        guard let small = UInt16(exactly: value) else { throw problem("number \(value), above 65535") }
        return small
    }

    mutating func sint64() throws(ProtoProblem) -> Int64 { Int64(zigzag: try uint64()) }

    mutating func bool() throws(ProtoProblem) -> Bool { try uint64() != 0 }

    mutating func double() throws(ProtoProblem) -> Double {
        try expect(.fixed64)
        var pattern: UInt64 = 0
        for (index, byte) in try take(8).enumerated() { pattern |= UInt64(byte) << UInt64(8 * index) }
        return Double(bitPattern: pattern)
    }

    private mutating func take(_ count: UInt64) throws(ProtoProblem) -> ArraySlice<UInt8> {
        guard count <= UInt64(bytes.endIndex - position) else {
            throw problem("\(count) bytes, where \(bytes.endIndex - position) are left")
        }
        let start = position
        position += Int(count)
        return bytes[start..<position]
    }

    /// Without a copy.
    mutating func slice() throws(ProtoProblem) -> ArraySlice<UInt8> {
        try expect(.bytes)
        return try take(try varint())
    }

    mutating func array() throws(ProtoProblem) -> [UInt8] { Array(try slice()) }

    mutating func string() throws(ProtoProblem) -> String {
        guard let text = String(validating: try slice(), as: UTF8.self) else { throw problem("text that is no UTF-8") }
        return text
    }

    mutating func message<Message: ProtoMessage>(
        _: Message.Type = Message.self
    ) throws(ProtoProblem) -> Message {
        var reader = try nested()
        return try Message(&reader)
    }

    /// Of a message in this one.
    mutating func nested() throws(ProtoProblem) -> ProtoReader { ProtoReader(try slice(), origin: origin) }

    /// Values of a repeated field of varints, packed or one alone.
    mutating func repeated(into values: inout [UInt64]) throws(ProtoProblem) {
        guard type == .bytes else { return values.append(try uint64()) }
        var reader = try nested()
        while !reader.isAtEnd { values.append(try reader.varint()) }
    }

    /// Those bytes as they are: see `PackedColumn`.
    mutating func repeated(into column: inout PackedColumn) throws(ProtoProblem) {
        guard type == .varint else { return column.append(try slice()) }
        let start = position
        _ = try varint()
        column.append(bytes[start..<position])
    }

    /// Passes over a field that is not known.
    mutating func skip() throws(ProtoProblem) {
        switch type {
        case .varint: _ = try varint()
        case .fixed64: _ = try take(8)
        case .bytes: _ = try slice()
        case .fixed32: _ = try take(4)
        }
    }
}
