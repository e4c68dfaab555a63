import CModbus
import TapCore
import TapDecode

/// Reads from one Modbus TCP server through libmodbus. Functions 1 to 4: nothing here can express a write.
///
/// Not thread-safe. Blocks for connecting, and for an answer, as long as the server's timeout each.
@safe final class ModbusClient {
    enum Answer: Sendable, Hashable {
        /// Registers, or bits as 0 and 1.
        case values([UInt16])
        case exception(UInt8)
        /// None in time.
        case silence
        /// What came was no answer.
        case garbage
        case broken
    }

    // Freed with the class alone.
    private let client: OpaquePointer

    private init(_ client: OpaquePointer) { unsafe self.client = client }

    deinit { unsafe tap_modbus_free(client) }

    /// Throws `.unsupported` where libmodbus is not there, `.configuration` where the server's address is none.
    static func make(_ server: PollServer) throws(TapError) -> ModbusClient {
        guard tap_modbus_load() == 0 else {
            throw TapError(
                .unsupported, "\(server)", "libmodbus is not installed, by which it would be asked",
                remedy: "install the package libmodbus5")
        }
        let timeout_us = UInt32(clamping: max(1_000, server.timeout.count / 1_000))
        guard let client = unsafe tap_modbus_new(server.address, server.port, server.unit, timeout_us) else {
            throw TapError(
                .configuration, "\(server)", "is no address and unit of a server",
                remedy: "write an IP address in figures, and a unit up to 247, or 255")
        }
        return unsafe ModbusClient(client)
    }

    /// - Returns: why not; nil: it is connected.
    func connect() -> Errno? {
        let status = unsafe tap_modbus_connect(client)
        return status == 0 ? nil : Errno(status)
    }

    func close() { unsafe tap_modbus_close(client) }

    func read(_ question: PollQuestion) -> Answer {
        var words = [UInt16](repeating: 0, count: Int(question.count))
        let table = tap_modbus_table(UInt32(question.table.rawValue))
        let status = unsafe tap_modbus_read(client, table, question.address, question.count, &words)
        switch Int(status) {
        case 0: return .values(words)
        case -11 ... -1: return .exception(UInt8(-status))
        case TAP_MODBUS_SILENT: return .silence
        case TAP_MODBUS_GARBAGE: return .garbage
        default: return .broken
        }
    }
}
