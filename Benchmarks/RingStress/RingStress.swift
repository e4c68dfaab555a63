// Two threads on a small ring, for ThreadSanitizer: see scripts/check-ring, which compiles this beside the ring's own
// files, into one module.
import Glibc

@main
struct RingStress {
    /// Small, so that both ends often find it full and empty.
    static let capacity = 64
    static let batch = 24
    static let count: UInt64 = 100_000

    static func main() {
        guard CommandLine.arguments.count == 2 else { refuse() }
        let (send, receive): Bodies =
            switch CommandLine.arguments[1] {
            case "singly": (sendSingly, receiveSingly)
            case "copied": (sendCopied, receiveCopied)
            case "in-place": (sendInPlace, receiveInPlace)
            default: refuse()
            }
        let ends = Ring.make(capacity: capacity)
        let producer = Thread(ends.producer, send)
        let consumer = Thread(ends.consumer, receive)
        producer.join()
        consumer.join()
        guard consumer.result.difference == 0, consumer.result.next == count else {
            print("wrong data")
            exit(1)
        }
    }

    typealias Bodies = ((inout RingProducer) -> Check, (inout RingConsumer) -> Check)

    static func refuse() -> Never {
        print("usage: ring-stress singly|copied|in-place")
        exit(2)
    }

    static func element(_ index: UInt64) -> Cell { Cell(index, ~index) }

    struct Check {
        var next: UInt64 = 0
        var difference: UInt64 = 0

        mutating func add(_ cells: Span<Cell>) { for index in cells.indices { add(cells[index]) } }
        mutating func add(_ cell: Cell) {
            let expected = element(next)
            difference |= (cell.word0 ^ expected.word0) | (cell.word1 ^ expected.word1)
            next += 1
        }
    }

    static func sendSingly(_ ring: inout RingProducer) -> Check {
        for index in 0..<count { while !ring.push(element(index)) { sched_yield() } }
        return Check()
    }

    static func receiveSingly(_ ring: inout RingConsumer) -> Check {
        var check = Check()
        while check.next < count {
            if let cell = ring.pop() { check.add(cell) } else { sched_yield() }
        }
        return check
    }

    static func sendCopied(_ ring: inout RingProducer) -> Check {
        var cells = [Cell](repeating: .zero, count: batch)
        var next: UInt64 = 0
        while next < count {
            let wanted = Int(min(UInt64(batch), count - next))
            for index in 0..<wanted { cells[index] = element(next + UInt64(index)) }
            let sent = ring.push(contentsOf: cells.span.extracting(0..<wanted))
            if sent == 0 { sched_yield() }
            next += UInt64(sent)
        }
        return Check()
    }

    static func receiveCopied(_ ring: inout RingConsumer) -> Check {
        var cells = [Cell](repeating: .zero, count: batch)
        var check = Check()
        while check.next < count {
            var room = cells.mutableSpan
            let got = ring.pop(into: &room)
            if got == 0 { sched_yield() }
            check.add(cells.span.extracting(0..<got))
        }
        return check
    }

    static func sendInPlace(_ ring: inout RingProducer) -> Check {
        var next: UInt64 = 0
        while next < count {
            let written = ring.write(atMost: Int(min(UInt64(batch), count - next))) { cells in
                for index in cells.indices { cells[index] = element(next + UInt64(index)) }
                return cells.count
            }
            if written == 0 { sched_yield() }
            next += UInt64(written)
        }
        return Check()
    }

    static func receiveInPlace(_ ring: inout RingConsumer) -> Check {
        var check = Check()
        while check.next < count {
            let taken = ring.read(atMost: batch) { cells in
                check.add(cells)
                return cells.count
            }
            if taken == 0 { sched_yield() }
        }
        return check
    }
}

/// One end of a ring and the thread that owns it.
final class Thread<End: ~Copyable>: @unchecked Sendable {
    private var end: End
    private let body: (inout End) -> RingStress.Check
    private var thread = pthread_t()
    /// To be read after `join`.
    private(set) var result = RingStress.Check()

    init(_ end: consuming End, _ body: @escaping (inout End) -> RingStress.Check) {
        self.end = end
        self.body = body
        let call: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { raw in
            // Sound: the retain below is taken back by this one thread.
            unsafe Unmanaged<AnyRunnable>.fromOpaque(raw.unsafelyUnwrapped).takeRetainedValue().run()
            return nil
        }
        let runnable = AnyRunnable { self.result = self.body(&self.end) }
        let status = unsafe pthread_create(&thread, nil, call, Unmanaged.passRetained(runnable).toOpaque())
        precondition(status == 0, "no thread could be made")
    }

    func join() { pthread_join(thread, nil) }
}

/// What a thread is to do, without the type of its end, which a C function cannot know.
final class AnyRunnable {
    let run: () -> Void
    init(_ run: @escaping () -> Void) { self.run = run }
}
