import TapConfig
import TapCore
import TapSim

/// A stage that is stopped once it has been stepped far more often than any run asks for: one that stands still in virtual
/// time would be stepped for ever.
final class BoundedStage: Stage {
    private let stage: any Stage
    private var left = BoundedStage.most
    private static let most = 1_000_000

    init(_ stage: any Stage) { self.stage = stage }

    var isExhausted: Bool { left == 0 }
    var name: String { stage.name }
    var failure: TapError? { stage.failure }
    var stopper: Stopper? { stage.stopper }
    var progress: UInt64 { stage.progress }
    func start(at now: Timestamp) -> Wake { stage.start(at: now) }
    func requestStop() { stage.requestStop() }

    func step(at now: Timestamp) -> Wake {
        if left > 0 {
            left -= 1
            if left == 0 { stage.requestStop() }
        }
        return stage.step(at: now)
    }
}
