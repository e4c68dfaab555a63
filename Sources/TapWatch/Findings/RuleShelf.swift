import TapCore

/// What somebody has put aside for a time: findings of its rules are marked.
struct RuleShelf {
    /// A rule or an asset, by name.
    var subject: String
    /// Their places.
    var rules: [Int]
    var from: Int64
    var until: Int64
}
