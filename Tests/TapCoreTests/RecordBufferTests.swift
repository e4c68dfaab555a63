import TapCore
import TestSupport
import Testing

@Suite struct RecordBufferTests {
    private func level(_ line: UInt16) -> Record {
        .level(Level(line: LineID(line), isHigh: true, reason: .first, notBefore: at(1), notAfter: at(2)))
    }

    private func gap(_ device: UInt16) -> Record {
        .gap(
            Gap(
                .notRecorded, .device(DeviceID(device)), .unknown, discovered: at(6), from: at(6), to: .distantFuture))
    }

    private func fill(_ records: [Record]) -> RecordBuffer {
        var buffer = RecordBuffer(capacity: 8)
        for record in records {
            switch record {
            case .edge(let edge): buffer.append(edge)
            case .scans(let block, let bytes): buffer.append(block, raw: bytes)
            case .event(let event): buffer.append(event)
            }
        }
        return buffer
    }

    private func drained(_ buffer: RecordBuffer) -> [Record] {
        var (buffer, sink) = (buffer, RecordCollector())
        buffer.drain(into: &sink)
        #expect(buffer.isEmpty && buffer.firstTime == nil)
        return sink.records
    }

    @Test func `records come out as they went in`() {
        let records = [level(1), .edge(3), .scans(4, period: 10, count: 3, sequence: 7, device: 1), gap(0)]
        let buffer = fill(records)
        #expect(buffer.isFull && buffer.firstTime == at(2))
        #expect(buffer.counts.edges == 1 && buffer.counts.scans == 3)
        #expect(drained(buffer) == records)
    }

    @Test func `a selection drops and renumbers`() {
        var buffer = fill([level(1), .edge(3), .scans(4, period: 10, count: 3, device: 1), gap(0)])
        buffer.keep(RecordSelection(lines: [nil, 0], devices: [3, nil]))
        #expect(drained(buffer) == [level(0), gap(3)])
    }

    @Test func `a block larger than the ring takes is written in parts as room comes`() {
        let ring = Ends(capacity: 256)
        var writer = RecordWriter(ring.producer, lines: 0..<1, devices: 0..<1, whenFull: .wait)
        var reader = ring.consumer
        var buffer = fill([.scans(0, period: 1, count: 4_000)])
        var waits = 0
        while !buffer.writeFirst(into: &writer, arrived: at(0)) {
            while reader.pop() != nil {}
            waits += 1
        }
        #expect(buffer.isEmpty)
        let scans = writer.scans
        #expect(scans == 4_000)
        #expect(waits > 2)
    }
}
