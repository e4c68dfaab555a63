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

/// A quantity within the picture's span: its samples, or where they are denser than its columns, the least and the
/// greatest of each.
struct AnalogTrace {
    struct Column {
        var count: UInt32 = 0
        var low = 0.0
        var high = 0.0
    }

    private(set) var points: [(x: Double, value: Double)] = []
    private(set) var columns: [Column]
    /// The last before the span.
    private(set) var before: (x: Double, value: Double)?
    private(set) var low = Double.infinity
    private(set) var high = -Double.infinity

    init(columns: Int) { self.columns = Array(repeating: Column(), count: columns) }

    /// Two samples a column are still drawn one by one; more as what lies between the least and the greatest.
    private var most: Int { 2 * columns.count }
    var isDense: Bool { points.count > most }
    var isEmpty: Bool { points.isEmpty && before == nil }

    mutating func add(_ value: Double, at x: Double) {
        guard value.isFinite, x <= Double(columns.count) else { return }
        guard x >= 0 else {
            before = (x, value)
            return
        }
        if points.count <= most { points.append((x, value)) }
        let column = min(Int(x), columns.count - 1)
        if columns[column].count == 0 { (columns[column].low, columns[column].high) = (value, value) }
        columns[column].count &+= 1
        columns[column].low = min(columns[column].low, value)
        columns[column].high = max(columns[column].high, value)
        low = min(low, value)
        high = max(high, value)
    }
}
