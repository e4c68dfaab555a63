import CRig
import TapCore

/// The tap ring on the rig: the same loops as the C++ contenders', through the ring's public interface.
enum TapRing {
    static func run(_ which: BenchCase, count: UInt64, on placement: Placement) -> rig_result {
        switch which {
        case .singly: pass(count, placement, sendSingly, receiveSingly)
        case .copied: pass(count, placement, sendCopied, receiveCopied)
        case .inPlace: pass(count, placement, sendInPlace, receiveInPlace)
        case .roundTrip: roundTrip(count, placement)
        }
    }

    /// Making and checking elements, with nothing between.
    static func runNothing(count: UInt64, on placement: Placement) -> rig_result {
        run(
            placement,
            {
                var batch = Batch(repeating: .zero)
                for next in stride(from: 0, to: count, by: Batch.count) {
                    for index in batch.indices { batch[index] = element(next &+ UInt64(index)) }
                    unsafe withUnsafeMutablePointer(to: &batch) { unsafe rig_clobber($0) }
                }
                return true
            },
            {
                var batch = Batch(repeating: .zero)
                for index in batch.indices { batch[index] = element(UInt64(index)) }
                var check = Check()
                while check.next < count {
                    unsafe withUnsafeMutablePointer(to: &batch) { unsafe rig_clobber($0) }
                    check.add(batch.span)
                }
                unsafe withUnsafeMutablePointer(to: &check) { unsafe rig_clobber($0) }
                return true
            })
    }

    private typealias Batch = InlineArray<64, Cell>

    @inline(__always)
    private static func element(_ index: UInt64) -> Cell { Cell(index, index ^ 0x9E37_79B9_7F4A_7C15) }

    /// Collects every difference between what came and what was sent.
    private struct Check {
        var next: UInt64 = 0
        var difference: UInt64 = 0

        @inline(__always)
        mutating func add(_ cell: Cell) {
            let expected = element(next)
            difference |= (cell.word0 ^ expected.word0) | (cell.word1 ^ expected.word1)
            next &+= 1
        }

        @inline(__always)
        mutating func add(_ cells: Span<Cell>) { for index in cells.indices { add(cells[index]) } }
    }

    private static func sendSingly(_ ring: consuming RingProducer, _ count: UInt64) -> Bool {
        for index in 0..<count {
            let cell = element(index)
            while !ring.push(cell) { rig_pause() }
        }
        return true
    }

    private static func receiveSingly(_ ring: consuming RingConsumer, _ count: UInt64) -> Bool {
        var check = Check()
        while check.next < count {
            if let cell = ring.pop() { check.add(cell) } else { rig_pause() }
        }
        return check.difference == 0
    }

    private static func sendCopied(_ ring: consuming RingProducer, _ count: UInt64) -> Bool {
        var batch = Batch(repeating: .zero)
        for next in stride(from: 0, to: count, by: Batch.count) {
            for index in batch.indices { batch[index] = element(next &+ UInt64(index)) }
            var sent = 0
            while sent < Batch.count {
                let more = ring.push(contentsOf: batch.span.extracting(sent..<Batch.count))
                if more == 0 { rig_pause() }
                sent += more
            }
        }
        return true
    }

    private static func receiveCopied(_ ring: consuming RingConsumer, _ count: UInt64) -> Bool {
        var batch = Batch(repeating: .zero)
        var check = Check()
        while check.next < count {
            var room = batch.mutableSpan
            let got = ring.pop(into: &room)
            if got == 0 { rig_pause() }
            check.add(batch.span.extracting(0..<got))
        }
        return check.difference == 0
    }

    private static func sendInPlace(_ ring: consuming RingProducer, _ count: UInt64) -> Bool {
        var next: UInt64 = 0
        while next < count {
            let limit = Int(min(UInt64(Batch.count), count - next))
            let written = ring.write(atMost: limit) { cells in
                for index in cells.indices { cells[index] = element(next &+ UInt64(index)) }
                return cells.count
            }
            if written == 0 { rig_pause() }
            next &+= UInt64(written)
        }
        return true
    }

    private static func receiveInPlace(_ ring: consuming RingConsumer, _ count: UInt64) -> Bool {
        var check = Check()
        while check.next < count {
            let taken = ring.read(atMost: Batch.count) { cells in
                check.add(cells)
                return cells.count
            }
            if taken == 0 { rig_pause() }
        }
        return check.difference == 0
    }

    private static func roundTrip(_ count: UInt64, _ placement: Placement) -> rig_result {
        let there = Ends(capacity: Int(RIG_CAPACITY))
        let back = Ends(capacity: Int(RIG_CAPACITY))
        return run(
            placement, { serve(there.takeProducer(), back.takeConsumer(), count) },
            { answer(there.takeConsumer(), back.takeProducer(), count) })
    }

    private static func serve(
        _ there: consuming RingProducer, _ back: consuming RingConsumer, _ count: UInt64
    ) -> Bool {
        var check = Check()
        for index in 0..<count {
            while !there.push(element(index)) { rig_pause() }
            while true {
                if let cell = back.pop() {
                    check.add(cell)
                    break
                }
                rig_pause()
            }
        }
        return check.difference == 0
    }

    private static func answer(
        _ there: consuming RingConsumer, _ back: consuming RingProducer, _ count: UInt64
    ) -> Bool {
        for _ in 0..<count {
            while true {
                if let cell = there.pop() {
                    while !back.push(cell) { rig_pause() }
                    break
                }
                rig_pause()
            }
        }
        return true
    }

    private static func pass(
        _ count: UInt64, _ placement: Placement, _ send: @escaping (consuming RingProducer, UInt64) -> Bool,
        _ receive: @escaping (consuming RingConsumer, UInt64) -> Bool
    ) -> rig_result {
        let ends = Ends(capacity: Int(RIG_CAPACITY))
        return run(placement, { send(ends.takeProducer(), count) }, { receive(ends.takeConsumer(), count) })
    }

    private static func run(
        _ placement: Placement, _ producer: @escaping () -> Bool, _ consumer: @escaping () -> Bool
    ) -> rig_result {
        let bodies = (Body(producer), Body(consumer))
        let call: rig_body = { raw in
            // Sound: both bodies outlive `rig_run`, which joins the threads that call them.
            unsafe Unmanaged<Body>.fromOpaque(raw.unsafelyUnwrapped).takeUnretainedValue().run()
        }
        return withExtendedLifetime(bodies) {
            unsafe rig_run(
                placement.rig, call, Unmanaged.passUnretained(bodies.0).toOpaque(), call,
                Unmanaged.passUnretained(bodies.1).toOpaque())
        }
    }

    private final class Body {
        let run: () -> Bool
        init(_ run: @escaping () -> Bool) { self.run = run }
    }

    /// Both ends of a ring on their way to their threads, each taken once.
    private final class Ends {
        private var producer: RingProducer?
        private var consumer: RingConsumer?

        init(capacity: Int) {
            let ends = Ring.make(capacity: capacity)
            producer = consume ends.producer
            consumer = consume ends.consumer
        }

        func takeProducer() -> RingProducer { producer.take()! }
        func takeConsumer() -> RingConsumer { consumer.take()! }
    }
}
