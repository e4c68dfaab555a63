import TapCore
import Testing

@testable import TapSim

@Suite("EdgeCursor")
struct EdgeCursorTests {
    private func edges(_ wave: SimulatedLine.Wave, startsHigh: Bool = false, _ count: Int) -> [String] {
        var cursor = EdgeCursor(SimulatedLine(name: "", startsHigh: startsHigh, wave: wave))
        var edges = [cursor.startsHigh ? "high" : "low"]
        while edges.count <= count, let next = cursor.next {
            edges.append("\(next)\(cursor.isRising ? "+" : "-")")
            cursor.advance()
        }
        return edges
    }

    @Test func `a constant line has no edge`() {
        #expect(edges(.constant, 4) == ["low"])
        #expect(edges(.constant, startsHigh: true, 4) == ["high"])
    }

    @Test func `a square wave is high for its duty`() {
        let wave = SimulatedLine.Wave.square(period: Nanoseconds(100), duty: 0.25, phase: Nanoseconds(10))
        #expect(edges(wave, 4) == ["low", "10+", "35-", "110+", "135-"])
        #expect(edges(wave, startsHigh: true, 4) == ["high", "10-", "35+", "110-", "135+"])
    }

    @Test func `an edge at time zero is the first level`() {
        let wave = SimulatedLine.Wave.square(period: Nanoseconds(100), duty: 0.25, phase: .zero)
        #expect(edges(wave, 3) == ["high", "25-", "100+", "125-"])
        #expect(edges(wave, startsHigh: true, 3) == ["low", "25+", "100-", "125+"])
    }

    @Test func `a pulse train rests between its trains`() {
        let wave = SimulatedLine.Wave.pulseTrain(
            pulses: 2, width: Nanoseconds(3), spacing: Nanoseconds(10), every: Nanoseconds(100), phase: Nanoseconds(5))
        #expect(
            edges(wave, 8) == ["low", "5+", "8-", "15+", "18-", "105+", "108-", "115+", "118-"])
    }

    @Test func `the millionth period is as exact as the first`() {
        var cursor = EdgeCursor(
            SimulatedLine(
                name: "", wave: .square(period: Nanoseconds(333_333), duty: 0.5, phase: Nanoseconds(7))))
        for _ in 0..<2_000_000 { cursor.advance() }
        #expect(cursor.next == 7 + 1_000_000 * 333_333)
        #expect(cursor.isRising)
        cursor.advance()
        #expect(cursor.next == 7 + 1_000_000 * 333_333 + 166_667)
    }
}
