import TapCore
import TestSupport
import Testing

@Suite struct RingTests {
    /// A cell that has its number twice, once as a checksum.
    private func cell(_ number: UInt64) -> Cell { Cell(number, ~number &* 0x9E37_79B9_7F4A_7C15) }

    @Test(arguments: [2, 4, 64, 1024])
    func `single cells keep their order over wraps`(capacity: Int) {
        let ring = TestRing(capacity: capacity)
        var random = Dice(5)
        var written: UInt64 = 0
        var read: [Cell] = []
        while written < UInt64(5 * capacity) {
            for _ in 0..<random.below(2 * capacity) where ring.push(cell(written)) { written += 1 }
            for _ in 0..<random.below(2 * capacity) {
                guard let taken = ring.pop() else { break }
                read.append(taken)
            }
        }
        while let taken = ring.pop() { read.append(taken) }
        #expect(read == (0..<written).map { cell($0) })
    }

    @Test(arguments: [2, 64, 1024])
    func `copied batches keep their order over wraps`(capacity: Int) {
        let ring = TestRing(capacity: capacity)
        var random = Dice(1)
        var written: UInt64 = 0
        var read: UInt64 = 0
        for _ in 0..<100 {
            let batch = (0..<UInt64(random.below(2 * capacity))).map { cell(written + $0) }
            let used = Int(written - read)
            #expect(ring.push(batch) == min(batch.count, capacity - used))
            written += UInt64(min(batch.count, capacity - used))

            let wanted = random.below(2 * capacity)
            let taken = ring.pop(upTo: wanted)
            #expect(taken.count == min(wanted, Int(written - read)))
            #expect(taken == (0..<UInt64(taken.count)).map { cell(read + $0) })
            read += UInt64(taken.count)
        }
        #expect(written > UInt64(3 * capacity))
    }

    @Test func `batches in place end at the end of the memory`() {
        let ring = TestRing(capacity: 8)
        for _ in 0..<5 { #expect(ring.push(.zero)) }
        for _ in 0..<5 { #expect(ring.pop() == .zero) }
        let cells = (0..<8).map { cell($0) }
        #expect(ring.write(cells) == 3)
        #expect(ring.write(Array(cells[3...])) == 5)
        #expect(ring.read() == Array(cells[..<3]))
        #expect(ring.read() == Array(cells[3...]))
        #expect(ring.read() == [])
    }

    @Test func `cells that were lent but not taken are lent again`() {
        let ring = TestRing(capacity: 8)
        #expect(ring.push((0..<4).map { cell($0) }) == 4)
        #expect(ring.read(taking: 1) == [cell(0), cell(1), cell(2), cell(3)])
        #expect(ring.read(atMost: 2, taking: 0) == [cell(1), cell(2)])
        #expect(ring.read() == [cell(1), cell(2), cell(3)])
    }

    @Test func `cells that were lent but not written are not seen`() {
        let ring = TestRing(capacity: 8)
        #expect(ring.write([cell(0)]) == 1)
        #expect(ring.read() == [cell(0)])
    }

    @Test func `all ways mixed keep the order`() {
        let ring = TestRing(capacity: 64)
        var random = Dice(2)
        var written: UInt64 = 0
        var read: UInt64 = 0
        for _ in 0..<2000 {
            let wanted = random.below(40)
            switch random.below(4) {
            case 0: if ring.push(cell(written)) { written += 1 }
            case 1:
                let batch = (0..<UInt64(wanted)).map { cell(written + $0) }
                written += UInt64(ring.push(batch))
            case 2:
                let batch = (0..<UInt64(wanted)).map { cell(written + $0) }
                written += UInt64(ring.write(batch))
            default:
                for _ in 0..<wanted where ring.stage(cell(written)) { written += 1 }
                ring.publish()
            }
            switch random.below(3) {
            case 0:
                if let taken = ring.pop() {
                    #expect(taken == cell(read))
                    read += 1
                }
            case 1:
                let taken = ring.pop(upTo: random.below(40))
                #expect(taken == (0..<UInt64(taken.count)).map { cell(read + $0) })
                read += UInt64(taken.count)
            default:
                let taken = ring.read(atMost: random.below(40))
                #expect(taken == (0..<UInt64(taken.count)).map { cell(read + $0) })
                read += UInt64(taken.count)
            }
            #expect(ring.available == Int(written - read))
        }
        #expect(read > 64 * 100)
    }

    @Test func `a full ring refuses the newest`() {
        let ring = TestRing(capacity: 4)
        for number in 0..<4 { #expect(ring.push(cell(UInt64(number)))) }
        #expect(!ring.push(cell(4)))
        #expect(!ring.stage(cell(4)))
        #expect(ring.push([cell(4)]) == 0)
        #expect(ring.write([cell(4)]) == 0)
        for number in 0..<4 { #expect(ring.pop() == cell(UInt64(number))) }
        #expect(ring.pop() == nil)
    }

    @Test func `an empty ring gives nothing`() {
        let ring = TestRing(capacity: 4)
        #expect(ring.pop() == nil)
        #expect(ring.pop(upTo: 4) == [])
        #expect(ring.read() == [])
        #expect(ring.available == 0)
    }

    @Test func `staged cells are seen once published`() {
        let ring = TestRing(capacity: 4)
        #expect(ring.stage(cell(1)))
        #expect(ring.pop() == nil)
        ring.publish()
        #expect(ring.pop() == cell(1))
    }

    // An exit test starts the program again, which qemu-user, where arm64 is tested, cannot.
    #if arch(x86_64)
        @Test func `a capacity that is no power of two from 2 traps`() async {
            await #expect(processExitsWith: .failure) { _ = Ring.make(capacity: 0) }
            await #expect(processExitsWith: .failure) { _ = Ring.make(capacity: 1) }
            await #expect(processExitsWith: .failure) { _ = Ring.make(capacity: 3) }
            await #expect(processExitsWith: .failure) { _ = Ring.make(capacity: -2) }
        }
    #endif
}
