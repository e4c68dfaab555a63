import TapConfig
import TapDecode

/// What a client writes into the PLC's registers.
enum StationWrite: Sendable, Hashable {
    /// All four at once, as the page of set points does.
    case settings(start_m: Double, stop_m: Double, lag_m: Double, high_m: Double)
    case setting(StationTag, Double)
    case resetAlarm(Int)
    case muteSiren
    /// Started or stopped from afar; nil: by the program again.
    case remote(Int, Bool?)

    var request: ModbusRequest {
        switch self {
        case .settings(let start, let stop, let lag, let high):
            .writeRegisters(
                address: StationRegisters.settings, [start, stop, lag, high].map(StationRegisters.millimetres))
        case .setting(let tag, let value):
            .writeRegister(
                address: StationRegisters.settings + UInt16(tag.rawValue - StationTag.start.rawValue),
                value: StationRegisters.millimetres(value))
        case .resetAlarm(let pump): command(1 + UInt16(pump))
        case .muteSiren: command(3)
        case .remote(let pump, let isOn): command(16 * (1 + UInt16(pump)) + (isOn.map { $0 ? 1 : 2 } ?? 0))
        }
    }

    private func command(_ value: UInt16) -> ModbusRequest {
        .writeRegister(address: StationRegisters.command, value: value)
    }

    var response: ModbusResponse { StationWrite.answer(to: request) }

    static func answer(to request: ModbusRequest) -> ModbusResponse {
        switch request {
        case .writeRegisters(let address, let values): .wroteRegisters(address: address, count: UInt16(values.count))
        case .writeRegister(let address, let value): .wroteRegister(address: address, value: value)
        default: .exception(function: request.function, code: Refusal.function.rawValue)
        }
    }

    /// As the registers carry it.
    func settings(after settings: PumpStation.Settings) -> PumpStation.Settings {
        var changed = settings
        switch self {
        case .settings(let start, let stop, let lag, let high):
            (changed.start_m, changed.stop_m, changed.lag_m, changed.highAlarm_m) = (start, stop, lag, high)
        case .setting(.start, let value): changed.start_m = value
        case .setting(.stop, let value): changed.stop_m = value
        case .setting(.lag, let value): changed.lag_m = value
        case .setting(.high, let value): changed.highAlarm_m = value
        default: break
        }
        return changed
    }
}
