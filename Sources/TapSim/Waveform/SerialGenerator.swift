import TapConfig
import TapCore
import TapDecode

/// Messages on a serial line.
final class SerialGenerator: DigitalGenerator {
    /// Of one message, from its begin.
    private let offsets: [UInt64]
    private let every: UInt64?
    private var begin: UInt64
    private var index = 0

    init(_ talk: SerialTalk) {
        offsets = SerialGenerator.transitions(of: talk)
        every = talk.every.map { UInt64($0.count) }
        begin = UInt64(talk.at.count)
        // A start bit at time zero is the first level.
        let isBegun = begin == 0 && offsets.first == 0
        index = isBegun ? 1 : 0
        super.init(startsHigh: talk.isInverted == isBegun)
    }

    override func next(upTo limit: UInt64) -> UInt64 {
        if index == offsets.count {
            guard let every else { return DigitalGenerator.none }
            guard begin <= limit, limit - begin >= every else { return DigitalGenerator.none }
            begin += every
            index = 0
        }
        guard begin <= limit, index < offsets.count, limit - begin >= offsets[index] else {
            return DigitalGenerator.none
        }
        index += 1
        return begin + offsets[index - 1]
    }

    private static func transitions(of talk: SerialTalk) -> [UInt64] {
        let format = UARTFormat(
            baud: talk.baud, dataBits: talk.dataBits,
            parity: UARTFormat.Parity(rawValue: talk.parity.rawValue) ?? .none,
            stopBits: UARTFormat.StopBits(rawValue: talk.stopHalfBits) ?? .one, isInverted: talk.isInverted)
        func times(_ bytes: [UInt8], _ start: Timestamp) -> (times: [UInt64], end: Timestamp) {
            let encoder = UARTEncoder(format, bytes, from: start)
            return (encoder.map(\.time.nanoseconds), encoder.end)
        }
        switch talk.message {
        case .bytes(let bytes): return times(bytes, .zero).times
        case .modbus(let exchange, let answerAfter):
            let (request, end) = times(exchange.request, .zero)
            return request + times(exchange.answer, end + answerAfter).times
        }
    }
}

extension ModbusExchange {
    var request: [UInt8] {
        let count = UInt16(values.count)
        let table = ModbusTable(rawValue: UInt8(function))
        let request: ModbusRequest =
            switch function {
            case 5: .writeCoil(address: address, isOn: values[0] != 0)
            case 6: .writeRegister(address: address, value: values[0])
            case 15: .writeCoils(address: address, values.map { $0 != 0 })
            case 16: .writeRegisters(address: address, values)
            default: .read(table ?? .holdingRegisters, address: address, count: count)
            }
        return ModbusRTU.frame(unit: server, request: request)
    }

    var answer: [UInt8] {
        let count = UInt16(values.count)
        let table = ModbusTable(rawValue: UInt8(function)) ?? .holdingRegisters
        let response: ModbusResponse
        if let exception {
            response = .exception(function: UInt8(function), code: exception)
        } else {
            switch function {
            case 5: response = .wroteCoil(address: address, isOn: values[0] != 0)
            case 6: response = .wroteRegister(address: address, value: values[0])
            case 15: response = .wroteCoils(address: address, count: count)
            case 16: response = .wroteRegisters(address: address, count: count)
            case 1, 2: response = .bits(table, values.map { $0 != 0 })
            default: response = .registers(table, values)
            }
        }
        return ModbusRTU.frame(unit: server, response: response)
    }
}
