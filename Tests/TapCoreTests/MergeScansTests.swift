import TapCore
import TestSupport
import Testing

/// A block spans time: merge splits it where other records lie within.
@Suite struct MergeScansTests {
    private func merge(_ inputs: [Pipe]) -> MergeStage<RecordCollector> {
        MergeStage(inputs.map(\.input), into: RecordCollector())
    }

    @Test func `edges of another source come between its scans`() {
        let adc = Pipe()
        let gpio = Pipe()
        let stage = merge([adc, gpio])
        adc.write(.scans(0, period: 10, count: 10, sequence: 500))
        gpio.write(.edge(25), .edge(30), .edge(95))
        for pipe in [adc, gpio] { pipe.watermark(100) }
        #expect(
            stage.take() == [
                .scans(0, period: 10, count: 3, sequence: 500), .edge(25),
                // Of one time: the earlier source first.
                .scans(30, period: 10, count: 1, sequence: 503), .edge(30),
                .scans(40, period: 10, count: 6, sequence: 504), .edge(95),
            ])
    }

    @Test func `an earlier source's edge comes before the scan of its time`() {
        let gpio = Pipe()
        let adc = Pipe()
        let stage = merge([gpio, adc])
        adc.write(.scans(0, period: 10, count: 4))
        gpio.write(.edge(0), .edge(20))
        for pipe in [adc, gpio] { pipe.watermark(100) }
        #expect(
            stage.take() == [
                .edge(0), .scans(0, period: 10, count: 2), .edge(20), .scans(20, period: 10, count: 2, sequence: 2),
            ])
    }

    @Test func `edges of the same source come between its scans`() {
        let pipe = Pipe()
        let stage = merge([pipe])
        pipe.write(.edge(10, line: 1), .scans(0, period: 10, count: 4), .edge(10, line: 2), .edge(25, line: 3))
        pipe.watermark(100)
        #expect(
            stage.take() == [
                .scans(0, period: 10, count: 1), .edge(10, line: 1),
                .scans(10, period: 10, count: 1, sequence: 1), .edge(10, line: 2),
                .scans(20, period: 10, count: 1, sequence: 2), .edge(25, line: 3),
                .scans(30, period: 10, count: 1, sequence: 3),
            ])
    }

    @Test func `scans after the watermark wait`() {
        let adc = Pipe()
        let stage = merge([adc])
        adc.write(.scans(0, period: 10, count: 10))
        adc.watermark(39)
        #expect(stage.take() == [.scans(0, period: 10, count: 4)])
        #expect(stage.take() == [])
        adc.watermark(40)
        #expect(stage.take() == [.scans(40, period: 10, count: 1, sequence: 4)])
        #expect(adc.end(40))
        #expect(stage.take() == [.scans(50, period: 10, count: 5, sequence: 5)])
        #expect(stage.withSink { $0.finishes } == 1)
    }

    @Test func `only the late scans of a block are flagged`() {
        let adc = Pipe()
        let gpio = Pipe()
        let stage = merge([adc, gpio])
        gpio.write(.edge(45))
        for pipe in [adc, gpio] { pipe.watermark(45) }
        #expect(stage.take() == [.edge(45)])
        adc.write(.scans(0, period: 10, count: 8))
        gpio.write(.edge(60))
        for pipe in [adc, gpio] { pipe.watermark(200) }
        #expect(
            stage.take() == [
                .scans(0, period: 10, count: 5, isLate: true), .scans(50, period: 10, count: 2, sequence: 5),
                .edge(60), .scans(70, period: 10, count: 1, sequence: 7),
            ])
    }

    @Test func `a block of unknown period is not split`() {
        let adc = Pipe()
        let gpio = Pipe()
        let stage = merge([adc, gpio])
        adc.write(.scans(20, period: 0, count: 10))
        gpio.write(.edge(10), .edge(20), .edge(30))
        for pipe in [adc, gpio] { pipe.watermark(30) }
        #expect(stage.take() == [.edge(10), .scans(20, period: 0, count: 10), .edge(20), .edge(30)])
    }

    @Test(arguments: [.max, .max / 2, -1, .min] as [Int64])
    func `a period that is nonsense is survived`(period: Int64) {
        let adc = Pipe()
        let stage = merge([adc])
        adc.write(.scans(5, period: period, count: 3), .edge(7))
        #expect(adc.end(10))
        let records = stage.take()
        #expect(records.contains(.edge(7)))
        let scans = records.reduce(0) { if case .scans(let block, _) = $1 { $0 + block.count } else { $0 } }
        #expect(scans == 3)
        #expect(stage.withSink { $0.finishes } == 1)
    }

    @Test func `the end of time is no trap`() {
        let adc = Pipe()
        let stage = merge([adc])
        adc.write(.scans(.max - 15, period: 10, count: 3))
        #expect(adc.end(.max))
        let records = stage.take()
        #expect(records.first == .scans(.max - 15, period: 10, count: 2))
        #expect(stage.withSink { $0.finishes } == 1)
    }

    /// Against sorting all edges and single scans by (time, source, number).
    @Test(arguments: 0..<40 as Range<UInt64>)
    func `any sources come in one order, and nothing is late`(seed: UInt64) {
        var random = Dice(seed)
        let pipes = (0..<3).map { _ in
            Pipe(ring: 1024, staging: 256 << random.below(4), whenFull: .wait, info(silence: .seconds(1)))
        }
        let stage = merge(pipes)
        var times = [UInt64](repeating: 0, count: 3)
        var numbers = [UInt64](repeating: 0, count: 3)
        var expected: [Atom] = []
        var read: [Atom] = []
        for _ in 0..<600 {
            // The one that is most behind.
            let index = times.indices.min { times[$0] < times[$1] } ?? 0
            times[index] += UInt64(random.below(60))
            let time = times[index]
            let record: Record
            if random.isTrue(oneIn: 5) {
                record = .scans(
                    time, period: Int64(1 + random.below(20)), count: 1 + random.below(20), sequence: numbers[index],
                    device: UInt16(index % 2))
            } else {
                record = .edge(time, line: UInt16(index))
            }
            numbers[index] += 20
            expected += Atom.atoms(of: record, source: index, number: numbers[index])
            pipes[index].write(record)
            if random.isTrue(oneIn: 4), time > 0 { pipes[index].watermark(time - 1) }
            if random.isTrue(oneIn: 10) {
                for record in stage.take() { read += Atom.atoms(of: record, source: 0, number: 0) }
            }
        }
        for (pipe, time) in zip(pipes, times) { #expect(pipe.end(time)) }
        for record in stage.take() { read += Atom.atoms(of: record, source: 0, number: 0) }
        expected.sort { ($0.time, $0.source, $0.number) < ($1.time, $1.source, $1.number) }
        #expect(read.map(\.what) == expected.map(\.what))
        #expect(read.allSatisfy { !$0.isLate })
    }

    /// An edge, or one scan.
    private struct Atom {
        var time: UInt64
        var source: Int
        var number: UInt64
        var what: Record
        var isLate: Bool

        static func atoms(of record: Record, source: Int, number: UInt64) -> [Atom] {
            guard case .scans(let block, let bytes) = record else {
                let isLate = if case .edge(let edge) = record { edge.flags.contains(.late) } else { false }
                return [
                    Atom(
                        time: record.time.nanoseconds, source: source, number: number, what: record, isLate: isLate)
                ]
            }
            return (0..<block.count).map { index in
                var scan = block
                scan.firstTime = block.firstTime + block.period * Int64(index)
                scan.sequence += UInt64(index)
                scan.count = 1
                let raw = Array(bytes[2 * index..<2 * index + 2])
                return Atom(
                    time: scan.firstTime.nanoseconds, source: source, number: number, what: .scans(scan, bytes: raw),
                    isLate: block.isLate)
            }
        }
    }
}
