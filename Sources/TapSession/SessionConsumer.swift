public import TapCore

/// What takes the records of a session.
public protocol SessionConsumer: AnyObject {
    /// For threads, results and messages; one of a kind in a session.
    var name: String { get }
    /// Whether the session ends once this one has failed. Otherwise it goes on as long as there is another one.
    var isEssential: Bool { get }
    /// The stage that takes them, once everything is open. Called once.
    func makeStage(_ start: SessionStart) -> any Stage
    /// Once the session has run: what it had seen. nil: it counts nothing.
    var statistics: CaptureStatistics? { get }
}
