import TapCore
import TapDecode

/// The exchange of a screen with a controller: Modbus RTU, even parity, one question a period for all registers.
enum RegisterScreen<Tag: RegisterTag> {
    static var server: UInt8 { 1 }

    /// Registers of 16 bits that the tags take.
    static var registers: Int { Tag.allCases.reduce(0) { $0 + $1.registers } }

    static func format(baud: Int) -> UARTFormat { UARTFormat(baud: baud, dataBits: 8, parity: .even, stopBits: .one) }

    static func timing(period: Nanoseconds, baud: Int) -> Poller.Timing {
        let format = format(baud: baud)
        let silence = ModbusRTU.silences(format).between
        func span(_ bytes: Int) -> UInt64 {
            UInt64((format.span(ofCharacters: UInt64(bytes)) + silence).count)
        }
        return Poller.Timing(
            period: UInt64(period.count), question: span(8), answer: span(5 + 2 * registers), display: 8_000_000)
    }

    static var question: [UInt8] {
        ModbusRTU.frame(unit: server, request: .read(.holdingRegisters, address: 0, count: UInt16(registers)))
    }

    static func answer(_ report: RegisterReport<Tag>) -> [UInt8] {
        ModbusRTU.frame(unit: server, response: .registers(.holdingRegisters, report.words))
    }

    /// The screen's own two, then what the controller answers.
    static var tags: [TagInfo] {
        ["HMI_TIME", "PLC_COMM"].enumerated().map { number, name in
            TagInfo(id: TagID(UInt16(number)), name: name, source: "hmi")
        } + Tag.allCases.map { TagInfo(id: id(of: $0), name: $0.name, source: "hmi", unit: $0.unit) }
    }

    static var time: TagID { TagID(0) }
    static var isAnswered: TagID { TagID(1) }
    static func id(of tag: Tag) -> TagID { TagID(UInt16(tag.rawValue + 2)) }
}
