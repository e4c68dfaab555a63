import Testing

@testable import TapSim

@Suite
struct TurnOrderTests {
    @Test func `nobody has a turn before a time is set`() {
        #expect(TurnOrder(lines: 0).first.time == DigitalGenerator.none)
        #expect(TurnOrder(lines: 5).first.time == DigitalGenerator.none)
    }

    @Test func `of equal times the line further up the list comes first`() {
        var order = TurnOrder(lines: 3)
        for line in [2, 1, 0] { order.set(line, to: 7) }
        #expect(order.first.line == 0)
        order.set(0, to: DigitalGenerator.none)
        #expect(order.first.line == 1)
    }

    @Test(arguments: [1, 2, 3, 64, 100, 513])
    func `turns come in order of time, then of the list`(lines: Int) {
        var order = TurnOrder(lines: lines)
        // Every line changes at multiples of its own period.
        let period = { (line: Int) in UInt64(line * 7 % 11 + 3) }
        for line in 0..<lines { order.set(line, to: period(line)) }
        let wanted = (0..<lines)
            .flatMap { line in stride(from: period(line), through: 60, by: Int(period(line))).map { ($0, line) } }
            .sorted { $0 < $1 }
        var taken: [(UInt64, Int)] = []
        while order.first.time <= 60 {
            let turn = order.first
            taken.append((turn.time, turn.line))
            order.set(turn.line, to: turn.time + period(turn.line))
        }
        #expect(taken.elementsEqual(wanted) { $0 == $1 })
    }
}
