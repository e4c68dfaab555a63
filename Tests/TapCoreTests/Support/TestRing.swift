import TapCore

/// Both ends of a ring on one thread. A class, because `#expect` copies what it calls.
final class TestRing {
    private var producer: RingProducer
    private var consumer: RingConsumer

    init(capacity: Int) {
        let ends = Ends(capacity: capacity)
        producer = ends.producer
        consumer = ends.consumer
    }

    var available: Int { consumer.available(atLeast: .max) }

    func push(_ cell: Cell) -> Bool { producer.push(cell) }
    func push(_ cells: [Cell]) -> Int { producer.push(contentsOf: cells.span) }
    func stage(_ cell: Cell) -> Bool { producer.stage(cell) }
    func publish() { producer.publish() }

    /// In place, as many as are lent.
    func write(_ cells: [Cell]) -> Int {
        producer.write(atMost: 2 * cells.count) { lent in
            let count = min(lent.count, cells.count)
            for index in 0..<count { lent[index] = cells[index] }
            return count
        }
    }

    func pop() -> Cell? { consumer.pop() }

    func pop(upTo count: Int) -> [Cell] {
        var cells = [Cell](repeating: .zero, count: count)
        var span = cells.mutableSpan
        let taken = consumer.pop(into: &span)
        return Array(cells[..<taken])
    }

    /// In place: what was lent, of which `taking` are given back, or all.
    func read(atMost limit: Int = .max, taking: Int? = nil) -> [Cell] {
        var cells: [Cell] = []
        _ = consumer.read(atMost: limit) { lent in
            for index in lent.indices { cells.append(lent[index]) }
            return taking ?? lent.count
        }
        return cells
    }
}
