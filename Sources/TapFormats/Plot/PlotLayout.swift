import TapCore

/// Which lanes a picture has: claims lie over the signal that they speak of, and where nobody named the signals, those
/// that do not change are left out with a word.
struct PlotLayout {
    private(set) var lanes: [PlotLane]
    /// What is not drawn, and why.
    private(set) var remarks: [String] = []

    /// More are no picture that one can read.
    private static let most = 24
    /// A text that changes more often is a clock.
    private static let mostWords = 100

    /// - Parameters:
    ///   - claims: a lane for each tag.
    ///   - isReadable: the lanes were not chosen one by one.
    init(
        signals: [PlotLane], claims: [(tag: TagInfo, lane: PlotLane)], meaning: PlotMeaning, isReadable: Bool
    ) {
        lanes = signals
        for index in lanes.indices where meaning.quantities[lanes[index].name]?.isLoop == true {
            lanes[index].isLoop = true
        }
        for (tag, lane) in claims where !lay(tag, lane, meaning) { lanes.append(lane) }
        if isReadable { leaveOut() }
    }

    /// - Returns: false: it needs a lane of its own.
    private mutating func lay(_ tag: TagInfo, _ claim: PlotLane, _ meaning: PlotMeaning) -> Bool {
        let subject = meaning.claims[tag.name]
        let index = lanes.firstIndex { lane in
            guard !lane.isClaim else { return false }
            if let subject { return lane.name == subject.name }
            let name = tag.name.lowercased()
            return lane.name.lowercased() == name || lane.name.lowercased().hasSuffix("." + name)
        }
        guard let index else { return false }
        var overlay = PlotLane.Overlay(name: claim.name, content: claim.content, isLimit: subject?.isLimit ?? false)
        switch (lanes[index].content, claim.content) {
        case (.digital, .claimedLevel): break
        case (.analog, .claimedValue):
            if lanes[index].overlays.isEmpty {
                let quantity = meaning.quantities[lanes[index].name]
                guard let factor = UnitFactor.factor(from: quantity?.unit ?? lanes[index].unit, to: claim.unit) else {
                    return false
                }
                lanes[index].unit = claim.unit
                lanes[index].factor = (quantity?.factor ?? 1) * factor
                lanes[index].offset = (quantity?.offset ?? 0) * factor
            } else {
                guard let factor = UnitFactor.factor(from: claim.unit, to: lanes[index].unit) else { return false }
                overlay.factor = factor
            }
        default: return false
        }
        lanes[index].overlays.append(overlay)
        return true
    }

    private mutating func leaveOut() {
        let constants = lanes.map(\.constant)
        if constants.contains(nil) {
            lanes = zip(lanes, constants).filter { $1 == nil }.map(\.0)
            let words = constants.compactMap { $0 }
            if !words.isEmpty { remarks.append("Unchanged in this span: \(words.joined(separator: ", ")).") }
        }
        var others: [String] = []
        func leave(_ isLeft: (PlotLane) -> Bool) {
            others += lanes.filter(isLeft).map(\.name)
            lanes.removeAll(where: isLeft)
        }
        leave { if case .claimedText(let words) = $0.content { words.count > PlotLayout.mostWords } else { false } }
        if lanes.count > PlotLayout.most, lanes.contains(where: { !$0.claims.isEmpty }) {
            leave { $0.claims.isEmpty && $0.losses.isEmpty }
        }
        if lanes.count > PlotLayout.most {
            let kept = Set(lanes.prefix(PlotLayout.most).map(\.name))
            leave { !kept.contains($0.name) }
        }
        if !others.isEmpty {
            remarks.append("Not drawn unless named: \(others.joined(separator: ", ")).")
        }
    }
}
