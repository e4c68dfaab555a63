import TapCore

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
    private(set) var last: (x: Double, value: Double)?
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
        last = (x, value)
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
