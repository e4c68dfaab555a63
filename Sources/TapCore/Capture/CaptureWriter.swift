/// What writes a capture into a file or a store: a sink that also gets how long the capture lasted.
public protocol CaptureWriter: RecordSink, ~Copyable {
    /// The capture lasted until then, in the clock of its only source. Once, after the last record and before `finish`.
    mutating func captureEnded(at end: Timestamp)
}
