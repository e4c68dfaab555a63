import TapCore
import TapDecode

/// Characters and frames as JSON objects; docs/formats/decode.md.
enum SerialJSON {
    private typealias Members = [(String, String?)]

    static func object(_ character: UARTCharacter, _ line: String) -> String {
        let flags = character.flags
        let isOpen = character.end == .distantFuture
        var members: Members = [
            ("t_ns", "\(character.start.nanoseconds)"), ("end_ns", isOpen ? "null" : "\(character.end.nanoseconds)"),
            ("line", JSON.string(line)),
        ]
        if flags.contains(.unknown) {
            members.append(("unknown", "true"))
        } else if flags.contains(.breakCondition) {
            members.append(("break", "true"))
        } else if flags.contains(.falseStart) {
            members.append(("false_start", "true"))
        } else {
            members.append(("value", "\(character.value)"))
            members.append(("errors", JSON.array(names(SerialWords.errors(flags)))))
        }
        return JSON.object(members)
    }

    static func object(_ frame: ModbusFrame, _ line: String) -> String {
        var members: Members = [
            ("t_ns", "\(frame.start.nanoseconds)"), ("end_ns", "\(frame.end.nanoseconds)"),
            ("line", JSON.string(line)), ("unit", frame.unit.map { "\($0)" }),
        ]
        switch frame.role {
        case .request(let request):
            members += [("role", "\"request\""), ("function", "\(request.function)")]
            members += self.members(of: request)
        case .response(let response, let request, let after):
            members += [("role", "\"response\""), ("function", "\(response.function)")]
            members += self.members(of: response, to: request)
            members.append(("after_ns", after.map { "\($0.count)" } ?? "null"))
        case .unreadable: members.append(("role", "\"unreadable\""))
        case .stray: members.append(("role", "\"stray\""))
        }
        members.append(("faults", JSON.array(names(SerialWords.faults(frame.faults)))))
        members.append(("bytes", JSON.string(hexadecimal(frame.bytes))))
        return JSON.object(members)
    }

    private static func members(of request: ModbusRequest) -> Members {
        switch request {
        case .read(let table, let address, let count):
            [("action", "\"read\""), name(of: table), ("address", "\(address)"), ("count", "\(count)")]
        case .writeCoil(let address, let isOn): write(.coils, address, [isOn ? 1 : 0])
        case .writeRegister(let address, let value): write(.holdingRegisters, address, [value])
        case .writeCoils(let address, let coils): write(.coils, address, coils.map { $0 ? 1 : 0 })
        case .writeRegisters(let address, let values): write(.holdingRegisters, address, values)
        case .maskRegister(let address, let and, let or):
            [
                ("action", "\"mask\""), name(of: .holdingRegisters), ("address", "\(address)"), ("and", "\(and)"),
                ("or", "\(or)"),
            ]
        case .readWriteRegisters(let address, let count, let writeAddress, let values):
            [
                ("action", "\"read-write\""), name(of: .holdingRegisters), ("address", "\(address)"),
                ("count", "\(count)"), ("write_address", "\(writeAddress)"), list(values),
            ]
        case .other(_, let data): [("action", "\"other\""), ("data", JSON.string(hexadecimal(data)))]
        }
    }

    private static func members(of response: ModbusResponse, to request: ModbusRequest?) -> Members {
        let asked = request.flatMap(SerialWords.asked)
        let from = ("address", asked.map { "\($0.address)" })
        switch response {
        case .bits(let table, let bits):
            let known = bits.prefix(asked.map { Int($0.count) } ?? bits.count)
            return [("action", "\"read\""), name(of: table), from, list(known.map { $0 ? 1 : 0 })]
        case .registers(let table, let values): return [("action", "\"read\""), name(of: table), from, list(values)]
        case .readWrittenRegisters(let values):
            return [("action", "\"read-write\""), name(of: .holdingRegisters), from, list(values)]
        case .wroteCoil(let address, let isOn): return write(.coils, address, [isOn ? 1 : 0])
        case .wroteRegister(let address, let value): return write(.holdingRegisters, address, [value])
        case .wroteCoils(let address, let count):
            return [("action", "\"write\""), name(of: .coils), ("address", "\(address)"), ("count", "\(count)")]
        case .wroteRegisters(let address, let count):
            return [
                ("action", "\"write\""), name(of: .holdingRegisters), ("address", "\(address)"), ("count", "\(count)"),
            ]
        case .maskedRegister(let address, let and, let or):
            return members(of: .maskRegister(address: address, and: and, or: or))
        case .exception(_, let code):
            return [
                ("action", "\"refuse\""), ("exception", "\(code)"),
                ("exception_is", SerialWords.exception(code).map { JSON.string(hyphened($0)) } ?? "null"),
            ]
        case .other(_, let data): return [("action", "\"other\""), ("data", JSON.string(hexadecimal(data)))]
        }
    }

    private static func write(_ table: ModbusTable, _ address: UInt16, _ values: [UInt16]) -> Members {
        [("action", "\"write\""), name(of: table), ("address", "\(address)"), list(values)]
    }

    private static func name(of table: ModbusTable) -> (String, String?) {
        ("table", JSON.string(hyphened(SerialWords.table(table))))
    }

    private static func list(_ values: [UInt16]) -> (String, String?) { ("values", JSON.array(values.map { "\($0)" })) }

    private static func names(_ words: [String]) -> [String] { words.map { JSON.string(hyphened($0)) } }

    private static func hyphened(_ words: String) -> String { String(words.map { $0 == " " ? "-" : $0 }) }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { SerialText.hexadecimal(UInt64($0), digits: 2) }.joined().lowercased()
    }
}
