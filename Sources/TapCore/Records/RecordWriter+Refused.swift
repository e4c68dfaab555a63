extension RecordWriter {
    /// What a full ring refused of a line, device or tag, or of the notes, and is still to be reported.
    struct Refused: Sendable {
        var count: UInt64 = 0
        var certainty = Certainty.exactly
        var from = Timestamp.zero
        var to = Timestamp.zero
        var discovered = Timestamp.zero
        /// The last gap of a state that found no room: see `Gap.Kind.isState`.
        var state: Gap?

        var isEmpty: Bool { count == 0 && state == nil }

        enum Certainty: Sendable { case exactly, atLeast, about }

        var reported: Gap.Count {
            switch certainty {
            case .exactly: .exactly(count)
            case .atLeast: .atLeast(count)
            case .about: .about(count)
            }
        }

        /// A sum is as certain as its least certain part.
        mutating func add(_ more: Gap.Count, from: Timestamp, to: Timestamp, discovered: Timestamp) {
            if count == 0 { self = Refused(from: from, to: to, state: state) }
            self.from = min(self.from, from)
            self.to = max(self.to, to)
            self.discovered = max(self.discovered, discovered, to)
            switch more {
            case .exactly: break
            case .atLeast, .unknown: if certainty == .exactly { certainty = .atLeast }
            case .about: certainty = .about
            }
            // A gap without a number still reports something.
            let (sum, overflow) = count.addingReportingOverflow(max(1, more.known))
            count = overflow ? .max : sum
            if overflow, certainty == .exactly { certainty = .atLeast }
        }

        /// The state before is part of a later one that says since when, or else a loss.
        mutating func add(state gap: Gap) {
            if let before = state, before.from < gap.from {
                add(before.count, from: before.from, to: min(before.to, gap.discovered), discovered: gap.discovered)
            }
            state = gap
        }
    }
}
