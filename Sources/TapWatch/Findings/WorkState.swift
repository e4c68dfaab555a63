import TapCore

/// Whether some work excuses what rules find.
struct WorkState {
    let work: WatchedWork
    /// Places of what it excuses.
    let rules: [Int]
    /// The numbers of the verdicts on it and on its permit; nil: it needs none.
    let verdict: Int
    let permitVerdict: Int?
    var isSeen = false
    var isPermitted: Bool

    init(_ work: WatchedWork, _ rules: [WatchedRule], verdict: Int) {
        self.work = work
        self.rules = rules.indices.filter { work.excuses.contains(rules[$0].name) }
        self.verdict = verdict
        permitVerdict = work.permit == nil ? nil : verdict + 1
        isPermitted = work.permit == nil
    }

    /// nil: it goes not on.
    var mark: Finding.Work? {
        isSeen ? Finding.Work(name: work.name, isPermitted: isPermitted, handling: work.handling) : nil
    }
}
