import TapCore
import TestSupport
import Testing

@testable import TapCore

@Suite struct HistogramTests {
    @Test func `an empty histogram has no quantiles`() {
        let histogram = Histogram()
        #expect(histogram.count == 0)
        #expect(histogram.quantile(0.5) == nil)
    }

    @Test(arguments: [0, 1, 127, 128, 129, 255, 256, 1 << 32, UInt64(Int64.max), UInt64.max - 1, UInt64.max])
    func `one value is every quantile`(value: UInt64) {
        var histogram = Histogram()
        histogram.add(value)
        #expect(histogram.count == 1)
        #expect(histogram.minimum == value)
        #expect(histogram.maximum == value)
        for share in [0, 0.5, 0.99, 1] { #expect(histogram.quantile(share) == value) }
    }

    @Test func `values below 256 are exact`() {
        var histogram = Histogram()
        for value in UInt64(0)..<256 { histogram.add(value) }
        for rank in 1...256 {
            #expect(histogram.quantile(Double(rank) / 256) == UInt64(rank - 1))
        }
    }

    @Test func `a share that is a whole number of values is not the next one`() {
        var histogram = Histogram()
        for value in UInt64(1)...100 { histogram.add(value) }
        // 0.07 * 100 is more than 7 in binary floating point, 0.29 * 100 less than 29.
        for rank in 1...100 { #expect(histogram.quantile(Double(rank) / 100) == UInt64(rank)) }
    }

    @Test func `both ends are kept exactly`() {
        var histogram = Histogram()
        for value in [UInt64.max, 0, 1_000_003, 127, 128] { histogram.add(value) }
        #expect(histogram.minimum == 0)
        #expect(histogram.maximum == .max)
        #expect(histogram.count == 5)
        #expect(histogram.quantile(0) == 0)
        #expect(histogram.quantile(0.4) == 127)
        #expect(histogram.quantile(0.6) == 128)
        #expect(histogram.quantile(1) == .max)
    }

    enum Distribution: CaseIterable { case small, uniform, exponential, twoHumps, constant }

    @Test(arguments: Distribution.allCases)
    func `quantiles are within one percent`(distribution: Distribution) throws {
        var random = Dice(4)
        var histogram = Histogram()
        var values: [UInt64] = []
        for _ in 0..<5000 {
            let value: UInt64 =
                switch distribution {
                case .small: UInt64(random.below(300))
                case .uniform: UInt64(random.below(1 << 40))
                case .exponential: random.next() >> UInt64(random.below(64))
                case .twoHumps: random.isTrue(oneIn: 10) ? 5_000_000 + UInt64(random.below(1000)) : 8_000
                case .constant: 123_456_789
                }
            values.append(value)
            histogram.add(value)
        }
        values.sort()
        #expect(histogram.count == 5000)
        #expect(histogram.minimum == values[0])
        #expect(histogram.maximum == values[4999])
        for permille in stride(from: 0, through: 1000, by: 8) {
            let exact = values[max(0, permille * 5 - 1)]
            let quantile = try #require(histogram.quantile(Double(permille) / 1000))
            let difference = max(exact, quantile) - min(exact, quantile)
            #expect(difference <= exact / 100, "permille \(permille): \(quantile) for \(exact)")
        }
    }

    @Test func `whatever their number, all values count`() {
        var histogram = Histogram()
        var values: [UInt64] = []
        for number in 1...100 {
            let value = UInt64(number * 37 % 101)
            histogram.add(value)
            values.append(value)
            let sorted = values.sorted()
            for rank in 1...number { #expect(histogram.quantile(Double(rank) / Double(number)) == sorted[rank - 1]) }
        }
    }

    @Test func `a copy stays as it is, and two can be added together`() {
        var histogram = Histogram()
        for value in UInt64(1)...20 { histogram.add(value) }
        var copy = histogram
        for value in UInt64(21)...60 { histogram.add(value) }
        for rank in 1...20 { #expect(copy.quantile(Double(rank) / 20) == UInt64(rank)) }
        for value in UInt64(61)...63 { copy.add(value) }
        histogram.add(copy)
        #expect(histogram.count == 83)
        let both = (Array(1...60) + Array(1...20) + Array(61...63)).sorted()
        for rank in 1...83 { #expect(histogram.quantile(Double(rank) / 83) == UInt64(both[rank - 1])) }
    }

    @Test(arguments: [0, 1, 2, 15, 16, 17, 33, 256], [0, 1, 30, 1_000, 1 << 40] as [UInt64])
    func `falling values, added at once, are the same as one by one`(number: Int, step: UInt64) {
        var random = Dice(UInt64(number) ^ step)
        var values = (0..<number).map { _ in 700_000 + (step > 0 ? random.next() % (step * 16) : 0) }
        values.sort(by: >)
        var (single, together) = (Histogram(), Histogram())
        for value in values { single.add(value) }
        together.add(falling: number) { values[$0] }
        #expect(together.count == single.count)
        #expect(together.minimum == single.minimum && together.maximum == single.maximum)
        for rank in 0...number {
            let share = Double(rank) / Double(max(1, number))
            #expect(together.quantile(share) == single.quantile(share))
        }
    }
}
