/// A pattern of clues and what it may mean. The rows stand in `ExplanationTable`.
struct ExplanationRow {
    var answer: Explanation.Answer
    var ofTen: Int
    /// All of these are there.
    var all: Set<Clue> = []
    /// One of these at least; empty: none is needed.
    var any: Set<Clue> = []
    /// None of these.
    var none: Set<Clue> = []
    /// What one would expect besides: it speaks for this where it is there, against it where the site looks and finds it in order.
    var expects: [Clue] = []
    /// Where it is to be looked for, if that is elsewhere than for the explanation that leads; nil: there too.
    var about: Clue?
    /// What is to be said of the incident where this leads; `{asset}` stands for the assets of the cause.
    var title: String
    var techniques: [String] = []
    var unless = ""
    var check: String

    func matches(_ clues: Set<Clue>) -> Bool {
        all.isSubset(of: clues) && (any.isEmpty || !any.isDisjoint(with: clues)) && none.isDisjoint(with: clues)
    }

    /// The clues on which it rests.
    var basis: Set<Clue> { all.union(any) }
}
