import TapDecode
import Testing

@testable import TapServe

@Suite struct ModbusAnswerTests {
    private static let registers: [UInt16] = [1, 0x8002, 3]

    private func answer(_ request: ModbusRequest, of registers: [UInt16]? = registers) -> ModbusResponse {
        ModbusAnswer.answer(request.bytes, outOf: registers)
    }

    @Test(arguments: [ModbusTable.holdingRegisters, .inputRegisters])
    func `both tables of registers are the same memory`(_ table: ModbusTable) {
        #expect(answer(.read(table, address: 1, count: 2)) == .registers(table, [0x8002, 3]))
    }

    @Test(arguments: [ModbusTable.coils, .discreteInputs])
    func `bits are those of the registers, the lowest first`(_ table: ModbusTable) {
        let bits = (0..<18).map { [1, 15].contains($0) || $0 >= 16 }
        #expect(answer(.read(table, address: 16, count: 18)) == .bits(table, bits))
        #expect(answer(.read(table, address: 47, count: 1)) == .bits(table, [false]))
        #expect(answer(.read(table, address: 47, count: 2)) == .exception(function: table.rawValue, code: 2))
    }

    @Test func `what is not there is refused with the code that says why`() {
        let table = ModbusTable.holdingRegisters
        #expect(answer(.read(table, address: 3, count: 1)) == .exception(function: 3, code: 2))
        #expect(answer(.read(table, address: 2, count: 2)) == .exception(function: 3, code: 2))
        #expect(answer(.read(table, address: 65_535, count: 125)) == .exception(function: 3, code: 2))
        #expect(answer(.read(table, address: 0, count: 126)) == .exception(function: 3, code: 3))
        #expect(answer(.read(table, address: 0, count: 0)) == .exception(function: 3, code: 3))
        #expect(ModbusAnswer.answer([3, 0], outOf: Self.registers) == .exception(function: 3, code: 3))
        #expect(answer(.read(table, address: 0, count: 1), of: nil) == .exception(function: 3, code: 11))
    }

    @Test(arguments: [
        ModbusRequest.writeCoil(address: 0, isOn: true), .writeRegister(address: 0, value: 1),
        .writeCoils(address: 0, [true]), .writeRegisters(address: 0, [1]), .maskRegister(address: 0, and: 0, or: 1),
        .readWriteRegisters(address: 0, count: 1, writeAddress: 0, [1]), .other(function: 43, [14, 1, 0]),
    ])
    func `nothing is written, and no other function is answered`(_ request: ModbusRequest) {
        #expect(answer(request) == .exception(function: request.function, code: 1))
    }

    @Test func `what is written is answered by whoever takes it, and by exception 11 where no unit answers`() {
        let request = ModbusRequest.writeRegister(address: 1, value: 7)
        let taken = ModbusAnswer.answer(request.bytes, outOf: Self.registers) { written in
            #expect(written == request)
            return .wroteRegister(address: 1, value: 7)
        }
        #expect(taken == .wroteRegister(address: 1, value: 7))
        let nobody = ModbusAnswer.answer(request.bytes, outOf: nil) { _ in .wroteRegister(address: 1, value: 7) }
        #expect(nobody == .exception(function: 6, code: 11))
    }
}
