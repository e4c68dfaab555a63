import Glibc
import Testing

@testable import TapSim

@Suite
struct SineTests {
    @Test func `is within 1e-15 of libm`() {
        var worst = 0.0
        for step in -25_000...25_000 {
            let turns = Double(step) / 100_000
            worst = max(worst, abs(Sine.ofTurns(turns) - sin(turns * 6.283185307179586)))
        }
        #expect(worst < 1e-15)
    }

    @Test func `folds exactly`() {
        for step in 0...1_024 {
            let turns = Double(step) / 4_096
            let sine = Sine.ofTurns(turns)
            #expect(Sine.ofTurns(-turns) == -sine)
            #expect(Sine.ofTurns(0.5 - turns) == sine)
            #expect(Sine.ofTurns(0.5 + turns) == -sine)
            #expect(Sine.ofTurns(turns + 1_000) == sine)
            #expect(Sine.ofTurns(turns - 1_000_000) == sine)
        }
    }

    @Test func `has its exact values`() {
        #expect(Sine.ofTurns(0) == 0)
        #expect(Sine.ofTurns(0.25) == 1)
        #expect(Sine.ofTurns(0.5) == 0)
        #expect(Sine.ofTurns(0.75) == -1)
        #expect(Sine.ofTurns(1e15) == 0)
    }
}
