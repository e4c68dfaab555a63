import Testing

@testable import TapSend

struct OutboxTests {
    private func item(_ incident: UInt64, _ byte: UInt8, count: Int = 1) -> Outbox.Item {
        Outbox.Item(incident: incident, bytes: [UInt8](repeating: byte, count: count))
    }

    /// All that waits, which is on its way afterwards.
    private func all(_ outbox: inout Outbox) -> [UInt8] {
        var found: [UInt8] = []
        while let next = outbox.takeNext() { found.append(next.item.bytes[0]) }
        return found
    }

    @Test func `changes go in their order and stay until the broker has them`() throws {
        var outbox = Outbox()
        for byte in UInt8(1)...3 { outbox.add(item(1, byte)) }
        let next = outbox.takeNext()
        let first = try #require(next)
        #expect(first.item.bytes == [1])
        #expect(all(&outbox) == [2, 3])
        #expect(outbox.count == 3)
        outbox.remove(first.place)
        outbox.remove(first.place)
        #expect(outbox.count == 2)
        #expect(outbox.bytes == 2)
        #expect(outbox.takeNext() == nil)
        outbox.bringBack()
        #expect(all(&outbox) == [2, 3])
        #expect(outbox.dropped == 0)
    }

    @Test func `a full outbox drops the oldest that a later change of its incident replaces, and counts it`() {
        var outbox = Outbox(items: 3, bytes: 100)
        outbox.add(item(1, 1))
        outbox.add(item(2, 2))
        outbox.add(item(2, 3))
        outbox.add(item(3, 4))
        #expect(outbox.dropped == 1)
        #expect(all(&outbox) == [1, 3, 4])
        outbox.bringBack()
        // What comes replaces what waits of its incident.
        outbox.add(item(3, 5))
        #expect(outbox.dropped == 2)
        #expect(all(&outbox) == [1, 3, 5])
    }

    @Test func `where nothing is replaced the oldest goes`() {
        var outbox = Outbox(items: 2, bytes: 100)
        for incident in UInt64(1)...4 { outbox.add(item(incident, UInt8(incident))) }
        #expect(outbox.dropped == 2)
        #expect(all(&outbox) == [3, 4])
    }

    @Test func `its bytes are bounded, and what is larger than all of it is counted`() {
        var outbox = Outbox(items: 10, bytes: 10)
        outbox.add(item(1, 1, count: 6))
        outbox.add(item(2, 2, count: 4))
        outbox.add(item(3, 3, count: 5))
        #expect(outbox.dropped == 1)
        #expect(outbox.bytes == 9)
        outbox.add(item(4, 4, count: 11))
        #expect(outbox.dropped == 4)
        #expect(outbox.count == 0)
        #expect(outbox.bytes == 0)
    }
}
