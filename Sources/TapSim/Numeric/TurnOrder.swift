/// Which of many lines changes next: a tournament, so that a change costs as many steps as the number of lines has binary
/// digits, and with one line nothing.
///
/// Of equal times the line further up the list has precedence. Nothing here allocates after birth.
struct TurnOrder {
    /// A line and when it changes; `DigitalGenerator.none`: it is not known to.
    struct Turn {
        var time: UInt64
        var line: Int
    }

    static let never = DigitalGenerator.none

    /// A complete binary tree: the winner of all at 1, the two below node n at 2n and 2n + 1, the lines from `leaves` on.
    private var nodes: [Turn]
    private let leaves: Int

    init(lines: Int) {
        var leaves = 1
        while leaves < lines { leaves *= 2 }
        self.leaves = leaves
        nodes = Array(repeating: Turn(time: DigitalGenerator.none, line: 0), count: 2 * leaves)
        for line in 0..<leaves { nodes[leaves + line].line = line }
        // Without a time each the first of two wins.
        for node in stride(from: leaves - 1, to: 0, by: -1) { nodes[node] = nodes[2 * node] }
    }

    /// Whose turn it is.
    @inline(__always) var first: Turn { nodes[1] }

    @inline(__always)
    func time(of line: Int) -> UInt64 { nodes[leaves + line].time }

    @inline(__always)
    mutating func set(_ line: Int, to time: UInt64) {
        var winner = Turn(time: time, line: line)
        var node = leaves + line
        nodes[node] = winner
        while node > 1 {
            let other = nodes[node ^ 1]
            if other.time < winner.time || other.time == winner.time && other.line < winner.line { winner = other }
            node >>= 1
            nodes[node] = winner
        }
    }
}
