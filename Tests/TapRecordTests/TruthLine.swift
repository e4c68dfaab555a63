import TapCore

/// What really happened on a line in a session, and what the source reported of it.
struct TruthLine {
    /// All edges of the signal, detected or not.
    var edges: [UInt64] = []
    /// Stamps after which the level is known: of edges and levels.
    var known: [UInt64] = []
    /// In the order in which they were reported.
    var events: [Event] = []
    /// In the session.
    var begin: UInt64 = 0
    var end: UInt64 = 0

    enum Event {
        case loss(from: UInt64, to: UInt64)
        case reread(from: UInt64, to: UInt64, agreed: UInt32, failed: UInt32)
    }

    func edgeCount(_ from: UInt64, _ to: UInt64) -> Int { edges.count { $0 >= from && $0 <= to } }

    /// Whether what was reported suffices to say what the line did from one time to another, both within it.
    func allows(_ from: UInt64, _ to: UInt64) -> Bool {
        guard begin <= from, to <= end, from > begin else { return false }
        var lossEnd = begin
        for event in events {
            switch event {
            case .loss(let first, let last):
                if first <= to, last >= from { return false }
                if last < from { lossEnd = max(lossEnd, last) }
            case .reread(let first, let last, _, let failed):
                if failed > 0, first <= to, last >= from { return false }
            }
        }
        guard edgeCount(from, to) == 0 else { return true }
        return isKnown(at: from, since: lossEnd) && isClosed(behind: to)
    }

    private func isKnown(at time: UInt64, since lossEnd: UInt64) -> Bool {
        if known.contains(where: { $0 >= lossEnd && $0 < time }) { return true }
        return events.contains {
            if case .reread(let from, let to, let agreed, let failed) = $0 {
                return agreed > 0 && failed == 0 && from >= lossEnd && to < time
            }
            return false
        }
    }

    private func isClosed(behind time: UInt64) -> Bool {
        var lostFrom = UInt64.max
        for event in events {
            switch event {
            case .loss(let from, _): if from > time { lostFrom = min(lostFrom, from) }
            case .reread(let from, let to, let agreed, let failed):
                guard agreed > 0 else { continue }
                if lostFrom == .max, to >= time { return true }
                if failed == 0, from >= time, from < lostFrom { return true }
            }
        }
        return false
    }
}
