import Glibc
import Testing

@testable import TapSim

@Suite struct NumericTests {
    @Test func `elementary functions agree with libm to a few units of the last place`() {
        var random = Random(seed: 1, stream: "arguments")
        for _ in 0..<20_000 {
            let power = (random.unit() - 0.5) * 1_400
            #expect(abs(Elementary.exp(power) - exp(power)) <= 4 * exp(power).ulp)
            let value = exp(power)
            guard value.isNormal else { continue }
            #expect(abs(Elementary.log(value) - log(value)) <= 2 * max(abs(log(value)), 0.25).ulp)
        }
        #expect(Elementary.exp(0) == 1)
        #expect(Elementary.log(1) == 0)
        #expect(Elementary.exp(-800) == 0)
        #expect(Elementary.exp(800) == .infinity)
    }

    /// Pinned by themselves: a stream must never change.
    @Test func `a stream is a function of seed and name`() {
        var one = Random(seed: 7, stream: "a")
        var same = Random(seed: 7, stream: "a")
        var other = Random(seed: 7, stream: "b")
        let first = (0..<4).map { _ in one.next() }
        #expect(first == (0..<4).map { _ in same.next() })
        #expect(first != (0..<4).map { _ in other.next() })
        #expect(Random.at(5, seed: 1, stream: 2) == Random.at(5, seed: 1, stream: 2))
        #expect(Random.at(5, seed: 1, stream: 2) != Random.at(6, seed: 1, stream: 2))
    }

    @Test func `distributions have their moments`() {
        var random = Random(seed: 3, stream: "moments")
        let count = 200_000
        var sum = 0.0
        var squares = 0.0
        var fourth = 0.0
        var waits = 0.0
        var buckets = [Int](repeating: 0, count: 10)
        for _ in 0..<count {
            let value = random.gaussian()
            sum += value
            squares += value * value
            fourth += value * value * value * value
            waits += random.exponential()
            buckets[Int(random.below(10))] += 1
        }
        // Five standard errors each.
        #expect(abs(sum / Double(count)) < 0.012)
        #expect(abs(squares / Double(count) - 1) < 0.016)
        #expect(abs(fourth / Double(count) - 3) < 0.11)
        #expect(abs(waits / Double(count) - 1) < 0.012)
        #expect(buckets.allSatisfy { abs($0 - count / 10) < 5 * 135 })
    }
}
