public import TapCore

/// When a finding of a rule, or of a tag that is compared, is over: once the rule has held for a time, and a condition as well.
public struct SiteClearing: Sendable, Hashable {
    /// What must hold all the while; nil: that the rule is not broken is enough.
    public var condition: Condition?
    /// For how long.
    public var time: Nanoseconds

    public init(_ condition: Condition?, for time: Nanoseconds) {
        self.condition = condition
        self.time = time
    }

    /// As the end of what a rule means.
    var sentence: String {
        let held = time > .zero ? "has held for \(DurationText.exact(time))" : "holds"
        let also = condition.map { ", and \($0.text)\(time > .zero ? " all the while" : "")" } ?? ""
        return " A finding of it is over once it \(held)\(also)."
    }
}

extension SiteReader {
    /// `clear: {when: LT1 < 3.4 m, for: 10s}`
    func clearing(_ fields: Fields) -> SiteClearing? {
        guard let node = fields["clear"], let clear = self.fields(node, of: "clear", known: ["when", "for"]) else {
            return nil
        }
        guard clear["when"] != nil || clear["for"] != nil else {
            mistakes.add(clear.position, "clear says nothing", fix: "add 'for: 10s' or 'when: LT1 < 3.4 m'")
            return nil
        }
        let condition = condition("when", clear)
        let time = time("for", clear, mayBeZero: clear["when"] != nil)
        if clear["when"] != nil, condition == nil { return nil }
        return SiteClearing(condition, for: time ?? .zero)
    }
}
