public import TapCore
public import TapSim

/// Lines that are driven and listened to at once. All are low before and after each run.
public protocol LoopRig: AnyObject {
    var lineCount: Int { get }
    /// Blocks until everything was driven and captured.
    ///
    /// - Parameter plan: in order of time, the last change of each line to low.
    /// - Returns: nil if it was stopped.
    func run(_ plan: [WireTransitions.Change]) throws(TapError) -> LoopTrial?
}
