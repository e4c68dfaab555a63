/// What is measured in turn.
struct Comparison {
    let one: Child
    let other: Child
    /// In the same minutes, for what else can be learnt.
    private let besides: [Child]
    /// Processor time of an edge, of one over that of the other.
    let goal: Double

    /// - Parameter isRecorded: by what it is read, not by what it is captured.
    init(isRecorded: Bool) {
        (one, other) = isRecorded ? (.recorded, .null) : (.tap, .c)
        besides = isRecorded ? [] : [.read, .sim]
        goal = isRecorded ? 1.1 : 1.15
    }

    var children: [Child] { [one, other] + besides }

    /// Which of the two goes first changes from pair to pair.
    func order(_ pair: Int) -> [Child] { (pair % 2 == 0 ? [other, one] : [one, other]) + besides }
}
