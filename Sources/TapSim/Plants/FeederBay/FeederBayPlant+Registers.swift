import TapConfig
import TapCore

extension FeederBayPlant: RegisterPlant {
    /// The changes among them are those that the HMI has not asked for yet, and stay so.
    public func registers(ofUnit unit: UInt8) -> [UInt16]? {
        guard unit == FeederScreen.server, rtu.isRunning, !attacks.deniesView else { return nil }
        let time = signals.horizon.nanoseconds
        var (rtu, attacks) = (self.rtu, self.attacks)
        var answer = rtu.answer(measured, isTested: injected_A != nil, at: time)
        attacks.act(on: &answer, at: time)
        return answer.words
    }
}
