import TapConfig
import TapDecode

/// What a client's request means to the PLC.
extension StationWrite {
    /// Codes of exceptions, by the Modbus Application Protocol V1.1b3, chapter 7.
    enum Refusal: UInt8, Error { case function = 1, address = 2, value = 3 }

    /// One register by function 6, or one to four set points by function 16.
    ///
    /// - Parameters:
    ///   - settings: as they are: what is not written stays.
    ///   - depth_m: of the well, in which set points lie.
    static func read(
        _ request: ModbusRequest, _ settings: PumpStation.Settings, depth_m: Double
    ) -> Result<StationWrite, Refusal> {
        switch request {
        case .writeRegister(StationRegisters.command, let value):
            return command(value).map { .success($0) } ?? .failure(.value)
        case .writeRegister(let address, let value):
            return points(address, [value], settings, depth_m)
        case .writeRegisters(StationRegisters.command, let values):
            guard values.count == 1 else { return .failure(.address) }
            return command(values[0]).map { .success($0) } ?? .failure(.value)
        case .writeRegisters(let address, let values):
            return points(address, values, settings, depth_m)
        default: return .failure(.function)
        }
    }

    private static func command(_ value: UInt16) -> StationWrite? {
        switch value {
        case 1, 2: .resetAlarm(Int(value) - 1)
        case 3: .muteSiren
        case 16...18, 32...34: .remote(Int(value / 16) - 1, value % 16 == 0 ? nil : value % 16 == 1)
        default: nil
        }
    }

    private static func points(
        _ address: UInt16, _ values: [UInt16], _ settings: PumpStation.Settings, _ depth_m: Double
    ) -> Result<StationWrite, Refusal> {
        let first = Int(address) - Int(StationRegisters.settings)
        guard first >= 0, !values.isEmpty, first + values.count <= 4 else { return .failure(.address) }
        var points = [settings.start_m, settings.stop_m, settings.lag_m, settings.highAlarm_m]
        for (place, value) in values.enumerated() {
            let metres = Double(Int16(bitPattern: value)) / 1_000
            guard (0...depth_m).contains(metres) else { return .failure(.value) }
            points[first + place] = metres
        }
        return .success(.settings(start_m: points[0], stop_m: points[1], lag_m: points[2], high_m: points[3]))
    }
}
