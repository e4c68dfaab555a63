/// How much each two rules of a site share. Made once; bounded by the square of the number of rules.
struct RuleLinks {
    private let count: Int
    private let shares: [UInt8]

    init(_ traits: [RuleTraits]) {
        count = traits.count
        var shares = [UInt8](repeating: 0, count: count * count)
        for (first, left) in traits.enumerated() {
            for (second, right) in traits.enumerated() {
                shares[first * count + second] = first == second ? .max : RuleLinks.share(left, right)
            }
        }
        self.shares = shares
    }

    /// 0: nothing.
    func share(_ first: Int, _ second: Int) -> Int { Int(shares[first * count + second]) }

    private static func share(_ left: RuleTraits, _ right: RuleTraits) -> UInt8 {
        var share = min(left.signals.intersection(right.signals).count, 8) * 4
        share += min(left.tags.intersection(right.tags).count, 8) * 4
        share += min(left.assets.intersection(right.assets).count, 8) * 2
        // One screen, one controller.
        if left.isOfScreen, right.isOfScreen, !left.sources.isDisjoint(with: right.sources) { share += 1 }
        if left.isOfControl, right.isOfControl { share += 1 }
        // What rests on a source says nothing while that source is silent or repeats itself.
        if left.unmasks(right) || right.unmasks(left) { share += 1 }
        // Whatever acts on the plant, or hides what does, may drive the process out of its bounds.
        if left.isOfProcess && right.actsOnProcess || right.isOfProcess && left.actsOnProcess { share += 1 }
        return UInt8(clamping: share)
    }
}
