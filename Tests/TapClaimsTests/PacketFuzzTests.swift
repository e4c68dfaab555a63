import TapClaims
import TapCore
import TapDecode
import TestSupport
import Testing

/// Bytes that nobody meant for it must not stop a witness.
struct PacketFuzzTests {
    /// A frame of Ethernet, IPv4 and TCP around bytes.
    private func packet(_ payload: [UInt8], toServer isToServer: Bool, sequence: UInt32, acknowledged: UInt32)
        -> [UInt8]
    {
        func big(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let (client, server): ([UInt8], [UInt8]) = ([10, 0, 0, 9], [10, 0, 0, 5])
        let ports = isToServer ? big(40_000, 2) + big(502, 2) : big(502, 2) + big(40_000, 2)
        let tcp =
            ports + big(Int(sequence), 4) + big(Int(acknowledged), 4) + [0x50, 0x18, 0x20, 0, 0, 0, 0, 0] + payload
        let head: [UInt8] = [0x45, 0] + big(20 + tcp.count, 2) + [0, 0, 0, 0, 64, 6, 0, 0]
        let addresses = isToServer ? client + server : server + client
        return [UInt8](repeating: 2, count: 12) + [8, 0] + head + addresses + tcp
    }

    private func talk(_ exchanges: Int) -> [[UInt8]] {
        var packets: [[UInt8]] = []
        var (asked, answered): (UInt32, UInt32) = (0xFFFF_FFF0, 9)
        for number in 0..<exchanges {
            let request = ModbusTCP.frame(
                transaction: UInt16(number), unit: 1, request: .read(.holdingRegisters, address: 100, count: 4))
            packets.append(packet(request, toServer: true, sequence: asked, acknowledged: answered))
            asked &+= UInt32(request.count)
            let response = ModbusTCP.frame(
                transaction: UInt16(number), unit: 1,
                response: .registers(.holdingRegisters, [1, 2, 3, UInt16(number)]))
            packets.append(packet(response, toServer: false, sequence: answered, acknowledged: asked))
            answered &+= UInt32(response.count)
        }
        return packets
    }

    private func hear(_ packets: [[UInt8]]) -> (hearing: PacketHearing, values: [[UInt8]]) {
        var hearing = PacketHearing()
        var values: [[UInt8]] = []
        for (number, bytes) in packets.enumerated() {
            let time = Timestamp(nanoseconds: UInt64(number) * 50_000_000)
            hearing.take(bytes.span, length: bytes.count, link: .ethernet, at: time) { _, message, frame in
                guard message.kind == .response, message.address == 100 else { return }
                values.append(message.values.map { frame[$0] })
            }
        }
        return (hearing, values)
    }

    @Test func `a response has the address of its request and the values of its frame`() {
        let (hearing, values) = hear(talk(3))
        #expect(values == [[0, 1, 0, 2, 0, 3, 0, 0], [0, 1, 0, 2, 0, 3, 0, 1], [0, 1, 0, 2, 0, 3, 0, 2]])
        #expect(hearing.counts.unreadable == 0)
        #expect(hearing.connections.map(\.counts.holes) == [0])
    }

    @Test func `bytes that were changed, cut or swapped stop nothing and every packet is counted`() {
        let good = talk(20)
        var dice = Dice(1)
        for _ in 0..<2_000 {
            var packets = good
            for _ in 0..<1 + dice.below(8) {
                let index = dice.below(packets.count)
                switch dice.below(4) {
                case 0 where !packets[index].isEmpty:
                    let at = dice.below(packets[index].count)
                    packets[index][at] = UInt8(truncatingIfNeeded: dice.next())
                case 1: packets[index].removeLast(dice.below(packets[index].count + 1))
                case 2: packets.swapAt(index, dice.below(packets.count))
                default: packets[index] = (0..<64).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
                }
            }
            #expect(hear(packets).hearing.counts.packets == 40)
        }
    }

    @Test func `more connections than there is room for give up those that are silent`() {
        var hearing = PacketHearing(mostConnections: 4)
        for number in 0..<10 {
            var bytes = talk(1)[0]
            bytes[34] = UInt8(number)
            hearing.take(
                bytes.span, length: bytes.count, link: .ethernet, at: Timestamp(nanoseconds: UInt64(number))
            ) { _, _, _ in }
        }
        #expect(hearing.connections.count == 4)
        #expect(hearing.counts.forgottenConnections == 6)
        #expect(hearing.connections.map(\.client.port).sorted() == [6, 7, 8, 9].map { $0 << 8 | 40_000 & 0xFF })
    }
}
