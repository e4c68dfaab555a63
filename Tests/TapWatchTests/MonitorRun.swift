import TapCore
import Testing

@testable import TapWatch

enum MonitorRun {
    /// Verdicts at 0, 1, 2... of a monitor that is evaluated only where something changes.
    static func verdicts(
        _ formula: Formula, _ trace: [String: [Truth]], length: Int, before: Monitor.Before, isDense: Bool = false
    ) -> (verdicts: [Truth], lost: Int) {
        var monitor = Monitor(formula, start: 0, before: before, isDense: isDense)
        var found: [Truth] = []
        var verdict = Truth.unknown
        for now in 0..<length {
            var isChanged = monitor.wake <= Int64(now)
            #expect(monitor.wake >= Int64(now))
            for (place, atom) in monitor.atoms.enumerated() {
                let truth = trace[atom]?[now] ?? .unknown
                if !monitor.isSet(place, to: truth) {
                    monitor.set(place, truth)
                    isChanged = true
                }
            }
            if isChanged { verdict = monitor.evaluate(at: Int64(now)) }
            if Int64(now) >= monitor.first { found.append(verdict) }
        }
        return (found, monitor.lost)
    }
}
