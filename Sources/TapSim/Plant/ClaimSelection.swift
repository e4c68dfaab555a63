import TapCore

/// Which of a plant's tags a source declares, and the numbers they have in the session.
struct ClaimSelection: Sendable {
    let tags: [TagInfo]
    /// By the plant's own number; nil: what is claimed of it is left out.
    private let numbers: [TagID?]

    /// - Parameters:
    ///   - all: of the plant, numbered from 0 on.
    ///   - names: of those that are wanted; nil: all.
    init(_ all: [TagInfo], names: [String]?, first: UInt16 = 0) {
        var tags: [TagInfo] = []
        numbers = all.map { tag in
            guard names.map({ $0.contains(tag.name) }) ?? true else { return nil }
            let id = TagID(first + UInt16(tags.count))
            tags.append(TagInfo(id: id, name: tag.name, source: tag.source, unit: tag.unit))
            return id
        }
        self.tags = tags
    }

    /// As the session knows it; nil: it is left out.
    func selected(_ claim: Claim) -> Claim? {
        guard let id = numbers[Int(claim.tag.index)] else { return nil }
        var claim = claim
        claim.tag = id
        return claim
    }
}
