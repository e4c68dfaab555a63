import TapCore
import TapDecode

/// Characters and frames in words for people.
enum SerialText {
    static func line(_ character: UARTCharacter, _ line: String, _ format: UARTFormat, _ origin: Timestamp) -> String {
        let head = head(character.start, line, origin)
        let span = character.end == .distantFuture ? "from here on" : Words.span(character.end - character.start)
        let flags = character.flags
        if flags.contains(.unknown) { return head + "LOSS  data unknown, \(span)" }
        if flags.contains(.breakCondition) { return head + "break  \(span)" }
        if flags.contains(.falseStart) { return head + "false start  \(span)" }
        var text = head + hexadecimal(UInt64(character.value), digits: (format.dataBits + 3) / 4)
        if (0x21..<0x7F).contains(character.value), let scalar = Unicode.Scalar(character.value) {
            text += "  \(Character(scalar))"
        }
        let errors = SerialWords.errors(flags)
        return errors.isEmpty ? text : text + "  (\(errors.joined(separator: ", ")))"
    }

    static func line(_ frame: ModbusFrame, _ line: String, _ origin: Timestamp) -> String {
        var text = head(frame.start, line, origin)
        switch frame.role {
        case .request(let request): text += "\(server(frame)) request: \(words(request))"
        case .response(let response, let request, let after):
            text += "\(server(frame)) response: \(words(response, to: request))"
            text += after.map { ", after \(Words.span($0))" } ?? ", without a captured request"
        case .unreadable: text += "unreadable, \(frame.bytes.count) bytes"
        case .stray: text += "stray \(frame.bytes.count == 1 ? "byte" : "bytes") between frames"
        }
        let faults = SerialWords.faults(frame.faults)
        if !faults.isEmpty { text += "  (\(faults.joined(separator: ", ")))" }
        return text + "  [\(frame.bytes.map { hexadecimal(UInt64($0), digits: 2) }.joined(separator: " "))]"
    }

    private static func head(_ time: Timestamp, _ line: String, _ origin: Timestamp) -> String {
        let elapsed = (time - origin).count
        let (seconds, rest) = elapsed.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        let whole = (elapsed < 0 ? "-" : "") + String(seconds)
        let digits = String(rest)
        return String(repeating: " ", count: max(0, 6 - whole.count)) + whole + "."
            + String(repeating: "0", count: 9 - digits.count) + digits + "  " + line + "  "
    }

    static func hexadecimal(_ value: UInt64, digits: Int) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    private static func server(_ frame: ModbusFrame) -> String {
        frame.bytes[0] == 0 ? "broadcast:" : "unit \(frame.bytes[0])"
    }

    private static func words(_ request: ModbusRequest) -> String {
        switch request {
        case .read(let table, let address, let count):
            "read \(count) \(SerialWords.table(table)) from \(hex(address))"
        case .writeCoil(let address, let isOn): "write coil \(hex(address)): \(isOn ? 1 : 0)"
        case .writeRegister(let address, let value): "write register \(hex(address)): \(value)"
        case .writeCoils(let address, let coils): "write coils from \(hex(address)): \(list(coils.map { $0 ? 1 : 0 }))"
        case .writeRegisters(let address, let values): "write registers from \(hex(address)): \(list(values))"
        case .maskRegister(let address, let and, let or):
            "mask register \(hex(address)): and \(hex(and)), or \(hex(or))"
        case .readWriteRegisters(let address, let count, let writeAddress, let values):
            "write registers from \(hex(writeAddress)): \(list(values)); read \(count) from \(hex(address))"
        case .other(let function, let data): "function \(function), \(data.count) bytes"
        }
    }

    private static func words(_ response: ModbusResponse, to request: ModbusRequest?) -> String {
        let asked = request.flatMap(SerialWords.asked)
        let from = asked.map { " from \(hex($0.address))" } ?? ""
        switch response {
        case .bits(let table, let bits):
            let known = bits.prefix(asked.map { Int($0.count) } ?? bits.count)
            return "\(SerialWords.table(table))\(from): \(list(known.map { $0 ? 1 : 0 }))"
        case .registers(let table, let values): return "\(SerialWords.table(table))\(from): \(list(values))"
        case .readWrittenRegisters(let values): return "holding registers\(from): \(list(values))"
        case .wroteCoil(let address, let isOn): return "coil \(hex(address)) written: \(isOn ? 1 : 0)"
        case .wroteRegister(let address, let value): return "register \(hex(address)) written: \(value)"
        case .wroteCoils(let address, let count): return "\(count) coils from \(hex(address)) written"
        case .wroteRegisters(let address, let count): return "\(count) registers from \(hex(address)) written"
        case .maskedRegister(let address, _, _): return "register \(hex(address)) masked"
        case .exception(let function, let code):
            let name = SerialWords.exception(code).map { ", \($0)" } ?? ""
            return "function \(function) refused with exception \(code)\(name)"
        case .other(let function, let data): return "function \(function), \(data.count) bytes"
        }
    }

    private static func hex(_ value: UInt16) -> String { "0x" + hexadecimal(UInt64(value), digits: 4) }

    private static func list(_ values: [some CustomStringConvertible]) -> String {
        values.map(\.description).joined(separator: " ")
    }
}
