extension ModbusRequest {
    public var function: UInt8 {
        switch self {
        case .read(let table, _, _): table.rawValue
        case .writeCoil: 5
        case .writeRegister: 6
        case .writeCoils: 15
        case .writeRegisters: 16
        case .maskRegister: 22
        case .readWriteRegisters: 23
        case .other(let function, _): function
        }
    }

    /// Function and data. Counts are written as they are, also those that the specification does not allow.
    public var bytes: [UInt8] { [function] + data }

    private var data: [UInt8] {
        switch self {
        case .read(_, let address, let count): big(address, count)
        case .writeCoil(let address, let isOn): big(address, isOn ? 0xFF00 : 0)
        case .writeRegister(let address, let value): big(address, value)
        case .writeCoils(let address, let coils):
            big(address, UInt16(truncatingIfNeeded: coils.count)) + counted(packed(coils))
        case .writeRegisters(let address, let values):
            big(address, UInt16(truncatingIfNeeded: values.count)) + counted(big(values))
        case .maskRegister(let address, let and, let or): big(address, and, or)
        case .readWriteRegisters(let address, let count, let writeAddress, let values):
            big(address, count, writeAddress, UInt16(truncatingIfNeeded: values.count)) + counted(big(values))
        case .other(_, let data): data
        }
    }

    /// - Parameter bytes: function and data.
    /// - Returns: nil where they are no request: a length, count or value that does not fit the function.
    public init?(_ bytes: some RandomAccessCollection<UInt8>) {
        guard let function = bytes.first else { return nil }
        let data = Array(bytes.dropFirst())
        switch function {
        case 1...4:
            guard let table = ModbusTable(rawValue: function), data.count == 4 else { return nil }
            let count = word(data, 2)
            guard (1...table.maximumCount).contains(count) else { return nil }
            self = .read(table, address: word(data, 0), count: count)
        case 5:
            guard data.count == 4, [0, 0xFF00].contains(word(data, 2)) else { return nil }
            self = .writeCoil(address: word(data, 0), isOn: data[2] != 0)
        case 6:
            guard data.count == 4 else { return nil }
            self = .writeRegister(address: word(data, 0), value: word(data, 2))
        case 15:
            guard data.count > 5, data.count == 5 + Int(data[4]) else { return nil }
            let count = Int(word(data, 2))
            guard (count + 7) / 8 == Int(data[4]) else { return nil }
            self = .writeCoils(address: word(data, 0), Array(unpacked(data[5...]).prefix(count)))
        case 16:
            guard data.count > 5, data.count == 5 + Int(data[4]), Int(word(data, 2)) * 2 == Int(data[4]) else {
                return nil
            }
            self = .writeRegisters(address: word(data, 0), words(data[5...]))
        case 22:
            guard data.count == 6 else { return nil }
            self = .maskRegister(address: word(data, 0), and: word(data, 2), or: word(data, 4))
        case 23:
            guard data.count > 9, data.count == 9 + Int(data[8]), Int(word(data, 6)) * 2 == Int(data[8]),
                (1...125).contains(word(data, 2))
            else { return nil }
            self = .readWriteRegisters(
                address: word(data, 0), count: word(data, 2), writeAddress: word(data, 4), words(data[9...]))
        case 0, 128...: return nil
        default: self = .other(function: function, data)
        }
    }
}

extension ModbusResponse {
    /// Of the request it answers.
    public var function: UInt8 {
        switch self {
        case .bits(let table, _), .registers(let table, _): table.rawValue
        case .wroteCoil: 5
        case .wroteRegister: 6
        case .wroteCoils: 15
        case .wroteRegisters: 16
        case .maskedRegister: 22
        case .readWrittenRegisters: 23
        case .exception(let function, _), .other(let function, _): function
        }
    }

    /// Function (with its high bit set in an exception) and data.
    public var bytes: [UInt8] {
        switch self {
        case .bits(_, let bits): [function] + counted(packed(bits))
        case .registers(_, let values), .readWrittenRegisters(let values): [function] + counted(big(values))
        case .wroteCoil(let address, let isOn): [function] + big(address, isOn ? 0xFF00 : 0)
        case .wroteRegister(let address, let value): [function] + big(address, value)
        case .wroteCoils(let address, let count), .wroteRegisters(let address, let count):
            [function] + big(address, count)
        case .maskedRegister(let address, let and, let or): [function] + big(address, and, or)
        case .exception(_, let code): [function | 0x80, code]
        case .other(_, let data): [function] + data
        }
    }

    /// - Parameter bytes: function and data.
    /// - Returns: nil where they are no response: a length, count or value that does not fit the function.
    public init?(_ bytes: some RandomAccessCollection<UInt8>) {
        guard let function = bytes.first else { return nil }
        let data = Array(bytes.dropFirst())
        switch function {
        case 1...4:
            guard let table = ModbusTable(rawValue: function), data.count > 1, data.count == 1 + Int(data[0]) else {
                return nil
            }
            guard table.isBits || data[0] % 2 == 0 else { return nil }
            self = table.isBits ? .bits(table, unpacked(data[1...])) : .registers(table, words(data[1...]))
        case 5:
            guard data.count == 4, [0, 0xFF00].contains(word(data, 2)) else { return nil }
            self = .wroteCoil(address: word(data, 0), isOn: data[2] != 0)
        case 6:
            guard data.count == 4 else { return nil }
            self = .wroteRegister(address: word(data, 0), value: word(data, 2))
        case 15, 16:
            guard data.count == 4 else { return nil }
            let (address, count) = (word(data, 0), word(data, 2))
            self =
                function == 15
                ? .wroteCoils(address: address, count: count)
                : .wroteRegisters(address: address, count: count)
        case 22:
            guard data.count == 6 else { return nil }
            self = .maskedRegister(address: word(data, 0), and: word(data, 2), or: word(data, 4))
        case 23:
            guard data.count > 1, data.count == 1 + Int(data[0]), data[0] % 2 == 0 else { return nil }
            self = .readWrittenRegisters(words(data[1...]))
        case 129...:
            guard data.count == 1 else { return nil }
            self = .exception(function: function & 0x7F, code: data[0])
        case 0, 128: return nil
        default: self = .other(function: function, data)
        }
    }

    /// Whether it can be the answer to that request: function, counts, and what is echoed.
    public func answers(_ request: ModbusRequest) -> Bool {
        guard function == request.function else { return false }
        return switch (request, self) {
        case (_, .exception): true
        case (.read(_, _, let count), .bits(_, let bits)): bits.count == (Int(count) + 7) / 8 * 8
        case (.read(_, _, let count), .registers(_, let values)),
            (.readWriteRegisters(_, let count, _, _), .readWrittenRegisters(let values)):
            values.count == Int(count)
        case (.writeCoils(let address, let coils), .wroteCoils(let echoed, let count)):
            address == echoed && coils.count == Int(count)
        case (.writeRegisters(let address, let values), .wroteRegisters(let echoed, let count)):
            address == echoed && values.count == Int(count)
        case (.writeCoil, .wroteCoil), (.writeRegister, .wroteRegister), (.maskRegister, .maskedRegister):
            bytes == request.bytes
        case (.other, .other): true
        default: false
        }
    }
}

private func big(_ words: UInt16...) -> [UInt8] { big(words) }

private func big(_ words: [UInt16]) -> [UInt8] {
    words.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
}

private func counted(_ bytes: [UInt8]) -> [UInt8] { [UInt8(truncatingIfNeeded: bytes.count)] + bytes }

/// Eight to a byte, the first in the lowest bit.
private func packed(_ bits: [Bool]) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: (bits.count + 7) / 8)
    for (index, bit) in bits.enumerated() where bit { bytes[index / 8] |= 1 << UInt8(index % 8) }
    return bytes
}

private func unpacked(_ bytes: ArraySlice<UInt8>) -> [Bool] {
    bytes.flatMap { byte in (0..<8).map { byte >> UInt8($0) & 1 == 1 } }
}

private func word(_ data: [UInt8], _ offset: Int) -> UInt16 { UInt16(data[offset]) << 8 | UInt16(data[offset + 1]) }

private func words(_ data: ArraySlice<UInt8>) -> [UInt16] {
    stride(from: data.startIndex, to: data.endIndex - 1, by: 2).map { UInt16(data[$0]) << 8 | UInt16(data[$0 + 1]) }
}
