import TapCore

/// What was driven on one line beside what was seen of it, edge by edge.
struct EdgeMatch: Hashable {
    /// Changes that have their edge.
    var matched = 0
    /// Changes without an edge of their own.
    var missing = 0
    /// Edges that no change explains.
    var extra = 0
    /// Edges of the opposite direction where a change is.
    var inverted = 0
    /// Stamps from before their change was begun: two clocks that disagree.
    var early = 0

    var isComplete: Bool { missing == 0 && extra == 0 && inverted == 0 && early == 0 }

    /// Compares changes that are far enough apart: what is stamped from the beginning of one until the beginning of the
    /// next belongs to it.
    ///
    /// - Parameter each: called with a change and its edge.
    static func apart(
        _ drives: [DriveRecord], _ edges: [Edge], each: (DriveRecord, Edge) -> Void
    ) -> EdgeMatch {
        var match = EdgeMatch()
        var next = edges.startIndex
        // What comes before the first change was driven by nobody.
        while next < edges.endIndex, let first = drives.first, edges[next].time < first.before {
            match.early += 1
            next += 1
        }
        for (index, drive) in drives.enumerated() {
            let end = index + 1 < drives.count ? drives[index + 1].before : .distantFuture
            var those = 0
            while next < edges.endIndex, edges[next].time < end {
                those += 1
                if those == 1 {
                    if edges[next].isRising == drive.isHigh {
                        match.matched += 1
                        each(drive, edges[next])
                    } else {
                        match.inverted += 1
                    }
                }
                next += 1
            }
            if those == 0 { match.missing += 1 }
            match.extra += max(0, those - 1)
        }
        if drives.isEmpty { match.extra = edges.count }
        return match
    }

    /// Whether each change has its edge, in order, none of them stamped before its change was begun: for changes that
    /// may come faster than they are stamped.
    static func isInOrder(_ drives: [DriveRecord], _ edges: [Edge]) -> Bool {
        drives.count == edges.count
            && zip(drives, edges).allSatisfy { $0.isHigh == $1.isRising && $0.before <= $1.time }
    }
}
