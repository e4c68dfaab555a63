import TapCore
import Testing

/// Two real threads at the two ends.
@Suite struct RingThreadTests {
    #if DEBUG
        static let cells: UInt64 = 10_000
    #else
        static let cells: UInt64 = 1_000_000
    #endif

    private enum Way: CaseIterable { case single, copied, inPlace }

    @Test func `two threads lose nothing, whichever way they use`() {
        for writing in Way.allCases {
            for reading in Way.allCases {
                let ends = Ends(capacity: 256)
                let writer = Writer(ends.producer, writing)
                let reader = Reader(ends.consumer, reading)
                ThreadDriver(
                    clock: MachineClock(), sources: [.init("writer", [writer])], consumers: [.init("reader", [reader])]
                ).run()
                #expect(reader.read == RingThreadTests.cells)
                #expect(reader.errors == 0)
            }
        }
    }

    private static func cell(_ number: UInt64) -> Cell { Cell(number, ~number &* 0x9E37_79B9_7F4A_7C15) }

    private final class Writer: Stage {
        let name = "writer"
        let failure: TapError? = nil
        private var ring: RingProducer
        private let way: Way
        private var written: UInt64 = 0

        init(_ ring: consuming RingProducer, _ way: Way) {
            self.ring = ring
            self.way = way
        }

        func start(at now: Timestamp) -> Wake { .at(now) }
        func requestStop() {}

        func step(at now: Timestamp) -> Wake {
            let count = Int(min(1000, RingThreadTests.cells - written))
            switch way {
            case .single: for _ in 0..<count where ring.push(RingThreadTests.cell(written)) { written += 1 }
            case .copied:
                let cells = (0..<UInt64(count)).map { RingThreadTests.cell(written + $0) }
                written += UInt64(ring.push(contentsOf: cells.span))
            case .inPlace:
                let first = written
                let filled = ring.write(atMost: count) { cells in
                    for index in cells.indices { cells[index] = RingThreadTests.cell(first + UInt64(index)) }
                    return cells.count
                }
                written += UInt64(filled)
            }
            return written == RingThreadTests.cells ? .ended : .at(now)
        }
    }

    private final class Reader: Stage {
        let name = "reader"
        let failure: TapError? = nil
        private var ring: RingConsumer
        private let way: Way
        private(set) var read: UInt64 = 0
        private(set) var errors = 0

        init(_ ring: consuming RingConsumer, _ way: Way) {
            self.ring = ring
            self.way = way
        }

        func start(at now: Timestamp) -> Wake { .at(now) }
        func requestStop() {}

        func step(at now: Timestamp) -> Wake {
            switch way {
            case .single: while let cell = ring.pop() { check(cell) }
            case .copied:
                var cells = [Cell](repeating: .zero, count: 300)
                var span = cells.mutableSpan
                let count = ring.pop(into: &span)
                for index in 0..<count { check(cells[index]) }
            case .inPlace:
                _ = ring.read { cells in
                    for index in cells.indices { check(cells[index]) }
                    return cells.count
                }
            }
            return read == RingThreadTests.cells ? .ended : .at(now)
        }

        private func check(_ cell: Cell) {
            if cell != RingThreadTests.cell(read) { errors += 1 }
            read += 1
        }
    }
}
