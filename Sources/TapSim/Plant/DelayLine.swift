/// The last values of something, in a memory of fixed size: the oldest gives way.
struct DelayLine<Value: Sendable>: Sendable {
    private var values: [Value] = []
    private let capacity: Int
    /// Where the oldest stands, once it is full.
    private var oldest = 0

    init(capacity: Int) {
        self.capacity = max(1, capacity)
        values.reserveCapacity(self.capacity)
    }

    var count: Int { values.count }

    /// The oldest is at 0.
    subscript(_ index: Int) -> Value { values[(oldest + index) % values.count] }

    mutating func append(_ value: Value) {
        if values.count < capacity {
            values.append(value)
        } else {
            values[oldest] = value
            oldest = (oldest + 1) % capacity
        }
    }
}
