import TapCore

/// What is asked about in one session, and which of the session's time.
struct QuestionTarget {
    let session: UInt64
    let source: UInt32
    let subject: Subject
    let table: SourceTable
    /// Of the session's `start`.
    let startIndex: UInt64
    var clocks: ClockMap?
    /// The first span of the source began here.
    var begin: UInt64?
    var end: UInt64 = 0
    /// Of the source's last chunk.
    var lastIndex: UInt64 = 0
    /// By the session's header; nil: not known.
    var shortestPulse: Nanoseconds?
    var capturesBothEdges = true
    /// Of the session.
    var pauses: [PausedSpan] = []

    /// Why it was not recorded: pauses that may lie in a span of the source's clock.
    func pauses(in span: (from: UInt64, to: UInt64)) -> [String] {
        guard table.clock != ClockKind.virtual.rawValue, table.clock != ClockKind.file.rawValue else {
            return pauses.reasons(nil)
        }
        func monotonic(_ time: UInt64) -> Timestamp { Timestamp(nanoseconds: time) + table.offsetToMonotonic }
        return pauses.reasons((monotonic(span.from), monotonic(span.to)))
    }

    /// In the clock of the source.
    func spans(_ from: AskedTime, _ to: AskedTime) -> [(from: UInt64, to: UInt64)] {
        guard case (.sinceStart(let from), .sinceStart(let to)) = (from, to) else {
            let uncertainty = max(0, table.clockUncertainty?.count ?? 0)
            let offset = table.offsetToMonotonic.count
            return (clocks?.candidates ?? []).map { span in
                (
                    UInt64(max(0, span.from.subtractingClamped(offset).subtractingClamped(uncertainty))),
                    UInt64(max(0, span.to.subtractingClamped(offset).subtractingClamped(-uncertainty)))
                )
            }
        }
        let origin = Int64(clamping: begin ?? 0)
        return [(UInt64(max(0, origin &+ from.count)), UInt64(max(0, origin &+ to.count)))]
    }

    func overlaps(_ span: (from: UInt64, to: UInt64)) -> Bool { span.from <= end && span.to >= begin ?? .max }

    func asked(of kind: AskedSubject) -> Gap.Subject {
        let number = UInt16(truncatingIfNeeded: subject.number)
        return switch kind {
        case .line: .line(LineID(number))
        case .tag: .tag(TagID(number))
        case .device: .device(DeviceID(number))
        }
    }
}

extension Int64 {
    /// The least or greatest number where the difference is none.
    func subtractingClamped(_ other: Int64) -> Int64 {
        let (difference, isOver) = subtractingReportingOverflow(other)
        return isOver ? (other > 0 ? .min : .max) : difference
    }
}
