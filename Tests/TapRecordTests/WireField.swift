import TestSupport

/// One field of a protobuf message as it lies there, whatever the message is, to be changed and put back.
struct WireField {
    enum Value {
        case varint(UInt64)
        /// Of 4 or 8 bytes.
        case fixed([UInt8])
        case bytes([UInt8])
        /// Bytes that are a message.
        case fields([WireField])
    }

    var number: UInt64
    var value: Value

    /// The fields of a message; nil: the bytes are none.
    static func parse(_ bytes: ArraySlice<UInt8>) -> [WireField]? {
        var rest = bytes
        var fields: [WireField] = []
        while !rest.isEmpty {
            guard let tag = varint(&rest), tag >= 8 else { return nil }
            switch tag & 7 {
            case 0:
                guard let value = varint(&rest) else { return nil }
                fields.append(WireField(number: tag >> 3, value: .varint(value)))
            case 1, 5:
                let count = tag & 7 == 1 ? 8 : 4
                guard rest.count >= count else { return nil }
                fields.append(WireField(number: tag >> 3, value: .fixed(Array(rest.prefix(count)))))
                rest = rest.dropFirst(count)
            case 2:
                guard let count = varint(&rest), count <= UInt64(rest.count) else { return nil }
                let content = rest.prefix(Int(count))
                rest = rest.dropFirst(Int(count))
                let inner = content.isEmpty ? nil : parse(content)
                fields.append(
                    WireField(number: tag >> 3, value: inner.map { .fields($0) } ?? .bytes(Array(content))))
            default: return nil
            }
        }
        return fields
    }

    private static func varint(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = bytes.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }

    static func serialised(_ fields: [WireField]) -> [UInt8] { fields.flatMap(\.serialised) }

    private var serialised: [UInt8] {
        switch value {
        case .varint(let value): WireField.varint(number << 3) + WireField.varint(value)
        case .fixed(let bytes): WireField.varint(number << 3 | (bytes.count == 8 ? 1 : 5)) + bytes
        case .bytes(let bytes): WireField.varint(number << 3 | 2) + WireField.varint(UInt64(bytes.count)) + bytes
        case .fields(let fields):
            WireField(number: number, value: .bytes(WireField.serialised(fields))).serialised
        }
    }

    private static func varint(_ value: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    /// Changes one field somewhere in these: a number becomes another, also one at an end; a field goes or comes twice.
    static func change(_ fields: inout [WireField], _ dice: inout Dice) {
        guard !fields.isEmpty else { return }
        let place = dice.below(fields.count)
        switch fields[place].value {
        case .fields(var inner) where dice.below(8) > 0:
            change(&inner, &dice)
            fields[place].value = .fields(inner)
            return
        case .varint(let value) where dice.below(8) > 0:
            fields[place].value = .varint(dice.bool() ? dice.word() : value &+ dice.pick([1, .max, 9]))
            return
        case .bytes(var bytes) where !bytes.isEmpty && dice.below(4) > 0:
            bytes[dice.below(bytes.count)] ^= 1 << UInt8(dice.below(8))
            fields[place].value = .bytes(bytes)
            return
        default: break
        }
        switch dice.below(4) {
        case 0: fields.remove(at: place)
        case 1: fields.insert(fields[place], at: dice.below(fields.count + 1))
        case 2: fields[place].number = UInt64(1 + dice.below(20))
        default: fields.append(WireField(number: UInt64(1 + dice.below(20)), value: .varint(dice.word())))
        }
    }
}
