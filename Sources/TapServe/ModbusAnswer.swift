import TapDecode

/// What a unit answers. Its registers are one memory, of which each table is a view: input and holding
/// registers of an address are the same, and bit b of register r is coil and discrete input 16 r + b.
enum ModbusAnswer {
    /// Codes of exceptions, by the Modbus Application Protocol V1.1b3, chapter 7.
    enum Exception {
        static let illegalFunction: UInt8 = 1
        static let illegalAddress: UInt8 = 2
        static let illegalValue: UInt8 = 3
        /// Of a gateway: behind it nothing answers under that number.
        static let noResponse: UInt8 = 11
    }

    /// - Parameters:
    ///   - question: function and data, at least the function.
    ///   - registers: of the unit; nil: it does not answer.
    ///   - write: takes what is to be written; nil: nobody may write there.
    static func answer(
        _ question: some RandomAccessCollection<UInt8>, outOf registers: [UInt16]?,
        write: (ModbusRequest) -> ModbusResponse? = { _ in nil }
    ) -> ModbusResponse {
        let function = question.first ?? 0
        func refuse(_ code: UInt8) -> ModbusResponse { .exception(function: function & 0x7F, code: code) }
        guard let registers else { return refuse(Exception.noResponse) }
        guard ModbusTable(rawValue: function) != nil else {
            return ModbusRequest(question).flatMap(write) ?? refuse(Exception.illegalFunction)
        }
        guard case .read(let table, let address, let count)? = ModbusRequest(question) else {
            return refuse(Exception.illegalValue)
        }
        let asked = Int(address)..<Int(address) + Int(count)
        guard asked.upperBound <= (table.isBits ? 16 : 1) * registers.count else {
            return refuse(Exception.illegalAddress)
        }
        if table.isBits { return .bits(table, asked.map { registers[$0 / 16] >> UInt16($0 % 16) & 1 == 1 }) }
        return .registers(table, Array(registers[asked]))
    }
}
