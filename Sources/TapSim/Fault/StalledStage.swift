public import TapCore

/// A stage that is not stepped in some spans of time, as one whose thread gets no processor.
public final class StalledStage: Stage {
    private let stage: any Stage
    private let stalls: [KernelConditions.Span]

    /// - Parameter stalls: in the gateway's clock domain.
    public init(_ stage: any Stage, stalls: [KernelConditions.Span]) {
        self.stage = stage
        self.stalls = stalls
    }

    public var name: String { stage.name }
    public var failure: TapError? { stage.failure }
    public var stopper: Stopper? { stage.stopper }
    public var progress: UInt64 { stage.progress }
    public func start(at now: Timestamp) -> Wake { stage.start(at: now) }
    public func requestStop() { stage.requestStop() }

    public func step(at now: Timestamp) -> Wake {
        if let stall = stalls.first(where: { $0.contains(now) }) { return .at(stall.to) }
        return stage.step(at: now)
    }
}
