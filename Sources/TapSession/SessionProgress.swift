public import TapCore

/// How far a consumer has come.
public struct SessionProgress {
    public let statistics: CaptureStatistics
    /// The session's time, on its clock.
    public let now: Timestamp
    let inputs: [MergeInput]

    /// Of the fullest of its rings, from 0 to 1.
    public func ringFill() -> Double { inputs.map { $0.fill() }.max() ?? 0 }
}
