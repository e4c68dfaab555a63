import TapCore

/// From when on a source's claims may have been missed; ends as a gap of each of its tags.
struct ClaimLoss: Sendable {
    private var since: Timestamp?

    /// Something was missed that is not reported yet.
    var isOpen: Bool { since != nil }

    mutating func begin(at time: Timestamp) { since = min(since ?? time, time) }

    /// The source was heard again, or nothing more comes: gives what there is to report, and forgets it.
    ///
    /// - Parameters:
    ///   - end: of what may have been missed.
    ///   - discovered: the time of the gaps.
    mutating func report(
        _ tags: [TagInfo], until end: Timestamp, discovered: Timestamp, _ emit: (Gap) -> Void
    ) {
        guard let since = since.take() else { return }
        for tag in tags {
            emit(
                Gap(
                    .notRecorded, .tag(tag.id), .unknown, discovered: discovered, from: since,
                    to: max(since, end)))
        }
    }
}
