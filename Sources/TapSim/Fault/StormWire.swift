import TapCore

/// A wire that changes once each period for a span of time, whatever it does otherwise. When that is over it goes to the
/// level that it would have.
final class StormWire: WireFeed, @unchecked Sendable {
    let startsHigh: Bool
    var isLaidDown: Bool { own.isLaidDown }
    private let own: Wire
    private let span: KernelConditions.Span
    private let period: Nanoseconds
    private var isHigh: Bool
    /// Its next change; from the end on, all of them are behind.
    private var storm: Timestamp

    init(_ own: any WireFeed, _ span: KernelConditions.Span, period: Nanoseconds) {
        self.own = Wire(own)
        self.span = span
        self.period = period
        startsHigh = own.startsHigh
        isHigh = own.startsHigh
        storm = span.from
    }

    func next(upTo limit: Timestamp) -> Timestamp? {
        if let time = own.peek(upTo: limit), time < span.from {
            own.take()
            return change(at: time)
        }
        guard span.from <= limit else { return nil }
        if storm < span.to {
            guard storm <= limit else { return nil }
            let time = storm
            storm = storm + period
            return change(at: time)
        }
        guard span.to <= limit else { return nil }
        own.skip(to: span.to)
        if isHigh != own.isHigh { return change(at: span.to) }
        guard let time = own.peek(upTo: limit) else { return nil }
        own.take()
        return change(at: time)
    }

    private func change(at time: Timestamp) -> Timestamp {
        isHigh.toggle()
        return time
    }
}
