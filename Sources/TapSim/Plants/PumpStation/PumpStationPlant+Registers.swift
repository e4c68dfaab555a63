import TapConfig
import TapCore

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
}
