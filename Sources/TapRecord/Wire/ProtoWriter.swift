/// Writes protobuf fields one after the other (https://protobuf.dev/programming-guides/encoding).
///
/// A field of proto3 that has its default value is left out; one that is `optional`, of a oneof or repeated is written
/// whatever its value.
struct ProtoWriter: Sendable {
    var bytes: [UInt8] = []

    private mutating func tag(_ field: Int, _ type: ProtoReader.WireType) {
        bytes.append(varint: UInt64(field) << 3 | UInt64(type.rawValue))
    }

    /// Also of uint32, bool and enum.
    mutating func uint64(_ field: Int, _ value: UInt64) {
        if value != 0 { uint64(field, ifPresent: value) }
    }

    mutating func uint64(_ field: Int, ifPresent value: UInt64?) {
        guard let value else { return }
        tag(field, .varint)
        bytes.append(varint: value)
    }

    mutating func uint32(_ field: Int, _ value: UInt32) { uint64(field, UInt64(value)) }

    mutating func uint32(_ field: Int, ifPresent value: UInt32?) { uint64(field, ifPresent: value.map(UInt64.init)) }

    mutating func sint64(_ field: Int, _ value: Int64) { uint64(field, value.zigzag) }

    mutating func bool(_ field: Int, _ value: Bool) { uint64(field, value ? 1 : 0) }

    /// Left out if it is 0.0; -0.0 is not.
    mutating func double(_ field: Int, _ value: Double) {
        if value.bitPattern != 0 { double(field, ifPresent: value) }
    }

    mutating func double(_ field: Int, ifPresent value: Double?) {
        guard let value else { return }
        tag(field, .fixed64)
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
        }
    }

    mutating func string(_ field: Int, _ value: String) {
        if !value.isEmpty { string(field, ifPresent: value) }
    }

    mutating func string(_ field: Int, ifPresent value: String?) {
        guard let value else { return }
        tag(field, .bytes)
        bytes.append(varint: UInt64(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    mutating func bytes(_ field: Int, _ value: [UInt8]) { bytes(field, value[...]) }

    mutating func bytes(_ field: Int, _ value: ArraySlice<UInt8>) {
        guard !value.isEmpty else { return }
        header(field, count: value.count)
        bytes.append(contentsOf: value)
    }

    mutating func bytes(_ field: Int, _ value: RawSpan) {
        guard !value.isEmpty else { return }
        header(field, count: value.byteCount)
        // Bytes are trivial, and lent for the call.
        unsafe value.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }

    /// What stands before the bytes of a field that `count` bytes follow.
    private mutating func header(_ field: Int, count: Int) {
        reserve(count + 15)
        tag(field, .bytes)
        bytes.append(varint: UInt64(count))
    }

    mutating func packed(_ field: Int, _ values: [UInt64]) {
        guard !values.isEmpty else { return }
        nested(field) { writer in
            for value in values { writer.bytes.append(varint: value) }
        }
    }

    mutating func message(_ field: Int, _ value: some ProtoMessage) {
        nested(field) { value.encode(into: &$0) }
    }

    mutating func messages(_ field: Int, _ values: [some ProtoMessage]) {
        for value in values { message(field, value) }
    }

    /// What `body` writes as one field, written also if it is nothing.
    mutating func nested(_ field: Int, _ body: (inout ProtoWriter) -> Void) {
        tag(field, .bytes)
        // The length takes one byte for most; a longer one moves what it is of.
        bytes.append(0)
        let start = bytes.count
        body(&self)
        let length = bytes.count - start
        guard length >= 0x80 else {
            bytes[start - 1] = UInt8(length)
            return
        }
        var prefix: [UInt8] = []
        prefix.append(varint: UInt64(length))
        bytes.replaceSubrange(start - 1..<start, with: prefix)
    }

    /// Makes room for so many bytes: where there is none, for twice as many as there are at least.
    mutating func reserve(_ count: Int) {
        guard bytes.capacity < bytes.count + count else { return }
        bytes.reserveCapacity(max(bytes.count + count, 2 * bytes.capacity))
    }

    /// Begins anew; the memory is kept.
    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }
}

extension [UInt8] {
    /// 1 to 10 bytes, seven bits each, the lowest first.
    mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }
}

extension Int64 {
    /// Small for numbers near zero, also for negative ones.
    @inline(__always) var zigzag: UInt64 { UInt64(bitPattern: self << 1) ^ UInt64(bitPattern: self >> 63) }

    @inline(__always) init(zigzag word: UInt64) { self = Int64(bitPattern: word >> 1) ^ -Int64(bitPattern: word & 1) }
}
