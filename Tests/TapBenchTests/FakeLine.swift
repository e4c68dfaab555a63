import TapBench
import TapCore

/// A line that only remembers.
final class FakeLine: DrivenLine {
    enum Event: Hashable { case begin(Bool), set(Bool), release }
    private(set) var events: [Event] = []
    private let refusal: TapError?
    private let fails: Int

    static let failure = TapError(.device, "line 'A'", "is broken", remedy: "mend it")

    /// - Parameters:
    ///   - refusal: of `begin`.
    ///   - fails: the change that fails, counted from 0.
    init(refusal: TapError? = nil, fails: Int = .max) {
        self.refusal = refusal
        self.fails = fails
    }

    func begin(_ isHigh: Bool) throws(TapError) {
        if let refusal { throw refusal }
        events.append(.begin(isHigh))
    }

    func set(_ isHigh: Bool) throws(TapError) {
        if events.count - 1 == fails { throw FakeLine.failure }
        events.append(.set(isHigh))
    }

    func release() { events.append(.release) }
}
