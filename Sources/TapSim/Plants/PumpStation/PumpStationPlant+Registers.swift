import TapConfig
import TapCore
public import TapDecode

extension PumpStationPlant: RegisterPlant {
    public func registers(ofUnit unit: UInt8) -> [UInt16]? {
        let time = signals.horizon.nanoseconds
        switch unit {
        case StationRegisters.unit where plc.isRunning && !attacks.deniesView:
            var (report, attacks) = (self.report(), self.attacks)
            attacks.act(on: &report, at: time, inflow_m3ps: inflow.now_m3ps)
            return StationRegisters.values(report)
        case StationRegisters.unit + 1 where parameters.bus.stations > 0: return meterRegisters(at: time)
        default: return nil
        }
    }

    public mutating func write(_ request: ModbusRequest, toUnit unit: UInt8) -> ModbusResponse? {
        guard parameters.bus.takesWrites, unit == StationRegisters.unit, plc.isRunning else { return nil }
        switch StationWrite.read(request, attacks.settings, depth_m: parameters.well.depth_m) {
        case .success(let write):
            accept(write, at: signals.horizon.nanoseconds)
            return StationWrite.answer(to: request)
        case .failure(let refusal): return .exception(function: request.function, code: refusal.rawValue)
        }
    }
}
