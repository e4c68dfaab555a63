import TapCore

/// A line within the picture's span: its changes, or where they are too dense for that, that there are some. Takes a
/// bounded room whatever comes.
struct DigitalTrace {
    /// At the begin of the span; nil: not known.
    private(set) var first: Bool?
    private(set) var isHigh: Bool?
    private(set) var changes: [(x: Double, isHigh: Bool)] = []
    /// Of each column of the picture: how many changes fall into it, and the level after them.
    private(set) var columns: [(count: UInt32, isHigh: Bool)]

    /// More changes of one column are not drawn one by one.
    static let most: UInt32 = 2

    init(columns: Int) { self.columns = Array(repeating: (0, false), count: columns) }

    /// - Parameter x: in columns; before zero: before the span.
    mutating func set(_ level: Bool, at x: Double) {
        guard x > 0 else {
            first = level
            isHigh = level
            return
        }
        guard x < Double(columns.count), level != isHigh else { return }
        let column = Int(x)
        isHigh = level
        columns[column].count &+= 1
        columns[column].isHigh = level
        if columns[column].count <= DigitalTrace.most { changes.append((x, level)) }
    }
}
