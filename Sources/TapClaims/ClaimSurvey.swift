public import TapCore
public import TapDecode

/// What is heard on a network, put together for somebody who does not know the plant: servers, what is asked of them and
/// how often, who writes, and who cannot be read.
public struct ClaimSurvey: Sendable {
    /// A server was written to.
    public struct Write: Sendable, Hashable {
        public let master: NetworkAddress
        public let server: NetworkEndpoint
        public let unit: UInt8
        public let function: UInt8
        public internal(set) var addresses = AddressRanges()
        public internal(set) var count: UInt64 = 0
        public let first: Timestamp
        public internal(set) var last: Timestamp
    }

    private struct Key: Hashable {
        var server: NetworkEndpoint
        var unit: UInt8
        var function: UInt8
    }

    private struct WriteKey: Hashable {
        var key: Key
        var master: NetworkAddress
    }

    public private(set) var hearing: PacketHearing
    /// Of one packet; kept for its memory.
    private var batch: [(Int, ModbusTCPMessage)] = []
    private var numbers: [Key: Int] = [:]
    private var writeNumbers: [WriteKey: Int] = [:]
    /// In the order in which they were first heard.
    public private(set) var registers: [HeardRegisters] = []
    public private(set) var writes: [Write] = []
    /// Messages that there was no room for.
    public private(set) var others: UInt64 = 0
    public private(set) var first: Timestamp?
    public private(set) var last = Timestamp.zero

    public static let most = 4_096

    public init(ports: Set<UInt16> = [ModbusTCP.port]) { hearing = PacketHearing(ports: ports) }

    /// Takes a packet; see `PacketHearing.take`.
    public mutating func take(
        _ bytes: Span<UInt8>, length: Int, link: LinkType?, at time: Timestamp,
        _ emit: (Int, ModbusTCPMessage, Span<UInt8>) -> Void = { _, _, _ in }
    ) {
        if first == nil { first = time }
        last = max(last, time)
        var heard = takeBatch()
        hearing.take(bytes, length: length, link: link, at: time) { number, message, frame in
            heard.append((number, message))
            emit(number, message, frame)
        }
        count(&heard)
    }

    /// Nothing more comes.
    public mutating func finish(_ emit: (Int, ModbusTCPMessage, Span<UInt8>) -> Void = { _, _, _ in }) {
        var heard = takeBatch()
        hearing.finish(at: last) { number, message, frame in
            heard.append((number, message))
            emit(number, message, frame)
        }
        count(&heard)
    }

    private mutating func takeBatch() -> [(Int, ModbusTCPMessage)] {
        var taken: [(Int, ModbusTCPMessage)] = []
        swap(&taken, &batch)
        return taken
    }

    private mutating func count(_ heard: inout [(Int, ModbusTCPMessage)]) {
        for (number, message) in heard { count(message, of: number) }
        heard.removeAll(keepingCapacity: true)
        swap(&heard, &batch)
    }

    private mutating func count(_ message: ModbusTCPMessage, of connection: Int) {
        let (client, server) = (hearing.connections[connection].client, hearing.connections[connection].server)
        let key = Key(server: server, unit: message.unit, function: message.function)
        guard let number = number(key, message.time) else {
            others += 1
            return
        }
        registers[number].last = message.time
        if !message.faults.isDisjoint(with: .form) { registers[number].malformed += 1 }
        if message.kind == .request {
            registers[number].requests += 1
            if registers[number].masters.count < HeardRegisters.mostMasters {
                registers[number].masters.insert(client.address)
            }
            if message.writes { write(message, key, client.address) }
        } else {
            if message.kind == .response { registers[number].responses += 1 }
            if message.exception != nil { registers[number].exceptions += 1 }
        }
        // What a server refuses it need not have.
        if let address = message.address, message.kind == .response, message.exception == nil {
            registers[number].addresses.add(address, count: message.count)
        }
    }

    private mutating func number(_ key: Key, _ time: Timestamp) -> Int? {
        if let known = numbers[key] { return known }
        guard registers.count < ClaimSurvey.most else { return nil }
        numbers[key] = registers.count
        registers.append(
            HeardRegisters(server: key.server, unit: key.unit, function: key.function, first: time, last: time))
        return registers.count - 1
    }

    private mutating func write(_ message: ModbusTCPMessage, _ key: Key, _ master: NetworkAddress) {
        let writeKey = WriteKey(key: key, master: master)
        if writeNumbers[writeKey] == nil {
            guard writes.count < ClaimSurvey.most else {
                others += 1
                return
            }
            writeNumbers[writeKey] = writes.count
            writes.append(
                Write(
                    master: master, server: key.server, unit: key.unit, function: key.function,
                    first: message.time, last: message.time))
        }
        guard let number = writeNumbers[writeKey] else { return }
        writes[number].count += 1
        writes[number].last = message.time
        if let address = message.writeAddress {
            writes[number].addresses.add(address, count: message.writeCount)
        } else if let address = message.address {
            writes[number].addresses.add(address, count: message.count)
        }
    }
}
