/// A passive part of the pipeline. It does nothing on its own: a driver steps it, always on one thread at a time.
public protocol Stage: AnyObject {
    var name: String { get }
    /// Set once the stage has failed; it then ends on its own.
    var failure: TapError? { get }

    /// The first call.
    func start(at now: Timestamp) -> Wake
    /// Does what there is to do now.
    func step(at now: Timestamp) -> Wake
    /// Asks the stage to end; it has when a later step returns `.ended`.
    func requestStop()
    /// See `TapSource.stopper`.
    var stopper: Stopper? { get }
    /// Grows with whatever the stage writes: a driver of virtual time sees by it whether waiting for room has helped.
    var progress: UInt64 { get }
    /// Of a consumer: it has nothing to do before a source writes, so that virtual time may pass over its wakes.
    var isIdle: Bool { get }
    /// Of a consumer: whether the sources are stopped once it has failed, although others go on.
    var isEssential: Bool { get }
}

extension Stage {
    public var stopper: Stopper? { nil }
    public var progress: UInt64 { 0 }
    public var isIdle: Bool { false }
    public var isEssential: Bool { false }
}
