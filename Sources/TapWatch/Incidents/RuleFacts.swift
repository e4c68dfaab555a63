public import TapConfig

/// What is known of a watched rule from its form, for whoever shows what is said beside what is so.
public struct RuleFacts: Sendable {
    /// A limit of one measured value that the process must not pass.
    public struct Limit: Sendable {
        public var signal: String
        /// In the SI's base.
        public var value: Double
        public var isUpper: Bool
        /// As the site writes it.
        public var text: String
    }

    public var relation: RuleRelation
    /// It compares what is said with what is so, or with what is approved.
    public var isOfScreen: Bool
    /// Claims that it judges.
    public var tags: Set<TagName>
    /// Whose claims it judges as a whole: their silence, their repetition.
    public var sources: Set<String>
    public var limit: Limit?
}

extension WatchedSite {
    /// Of each watched rule, in their order.
    public var facts: [RuleFacts] {
        traits.map { traits in
            RuleFacts(
                relation: traits.relation,
                isOfScreen: traits.isOfScreen || traits.relation == .approved, tags: traits.tags,
                sources: traits.sources,
                limit: traits.limit.map {
                    RuleFacts.Limit(signal: $0.signal, value: $0.value, isUpper: $0.isUpper, text: $0.text)
                })
        }
    }
}
