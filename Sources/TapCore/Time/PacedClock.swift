import Synchronization

/// A clock that goes several times as fast as another, from zero on: its time begins with its first reading.
///
/// Safe from any thread.
public final class PacedClock: TapClock {
    private let base: any TapClock
    private let factor: Int64
    private let begin = Atomic<UInt64>(PacedClock.notBegun)

    private static let notBegun = UInt64.max

    /// - Parameters:
    ///   - base: goes on its own.
    ///   - factor: how many times as fast; at least 1, otherwise this traps.
    public init(_ base: any TapClock, times factor: UInt32) {
        precondition(factor >= 1, "a paced clock goes at least as fast as its base")
        self.base = base
        self.factor = Int64(factor)
    }

    public func now() -> Timestamp {
        let now = base.now()
        let (_, begun) = begin.compareExchange(
            expected: PacedClock.notBegun, desired: now.nanoseconds, ordering: .relaxed)
        let start = begun == PacedClock.notBegun ? now : Timestamp(nanoseconds: begun)
        return .zero + (now - start) * factor
    }

    /// Rounded up, so that whoever sleeps it is not early.
    public func realSpan(of span: Nanoseconds) -> Nanoseconds {
        Nanoseconds(span.count / factor + (span.count % factor > 0 ? 1 : 0))
    }
}
