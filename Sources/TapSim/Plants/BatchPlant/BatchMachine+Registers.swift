import TapConfig
import TapCore

extension BatchMachine: RegisterPlant {
    public func registers(ofUnit unit: UInt8) -> [UInt16]? {
        guard unit == RegisterScreen<BatchTag>.server, plc.isRunning, !attacks.deniesView else { return nil }
        var report = RegisterReport<BatchTag>(plc.program)
        var attacks = self.attacks
        attacks.act(on: &report, at: signals.horizon.nanoseconds)
        return report.words
    }
}
