import TapConfig
import TapCore
import TapDecode

/// Makes claims of what is heard of one source in packets of Modbus TCP.
///
/// An answer claims what it reads. What a master writes is claimed once the server has accepted it. Where requests or
/// answers were not heard, a gap of each tag reaches from the last answer that was heard to the next.
struct PacketClaims: Sendable {
    let name: String
    let map: RegisterMap
    private let server: String?
    private let port: UInt16
    private var loss = ClaimLoss()
    /// When the oldest request was heard that has no answer yet.
    private var awaited: Timestamp?
    private var lastAnswer: Timestamp?
    /// When something that is still unknown was reported last.
    private var reported = Timestamp.zero
    private var writes: [Write] = []
    /// Whether what was written is known since the start, or the last loss.
    private var areWritesKnown = false
    /// Whether any answer was heard.
    private(set) var isHeard = false

    /// What a master wants to write; its answer does not repeat it.
    private struct Write: Sendable {
        var connection: Int
        var transaction: UInt16
        var address: UInt16
        var count: UInt16
        var bytes: [UInt8]
    }

    /// An answer that comes later than that was missed.
    private static let patience = Nanoseconds.seconds(1)
    private static let mostWrites = 64

    /// nil: it is not heard in packets.
    init?(_ source: SiteClaimSource, firstTag: UInt16) throws(TapError) {
        guard case .packets(_, let server, let port, _, _, _) = source.origin else { return nil }
        (name, self.server, self.port) = (source.name, server, UInt16(clamping: port))
        map = try RegisterMap(source, firstTag: firstTag)
    }

    /// For messages.
    var place: String { "\(server ?? "any server"):\(port)" }

    func isOf(_ connection: PacketHearing.Connection) -> Bool {
        connection.server.port == port && (server == nil || server == "\(connection.server.address)")
    }

    /// Bytes of a stream were not heard, or an answer to no request was.
    mutating func lose(at time: Timestamp) { loss.begin(at: lastAnswer ?? time) }

    mutating func hear(
        _ message: ModbusTCPMessage, _ values: Span<UInt8>, connection: Int, of client: NetworkAddress,
        at time: Timestamp, _ emit: (Event) -> Void
    ) {
        guard map.unit == nil || message.unit == map.unit,
            isOfTable(message.function) || map.writes != nil && isWrite(message.function)
        else { return }
        switch message.kind {
        case .request:
            if let awaited, time - awaited > PacketClaims.patience { loss.begin(at: awaited) }
            awaited = awaited ?? time
            keep(message, values, connection)
        case .unaskedResponse: lose(at: time)
        case .response:
            (awaited, lastAnswer, isHeard) = (nil, time, true)
            let written = takeWrite(message, connection)
            hearWrite(message, values, written, of: client, at: time, emit)
            // A server that refuses claims nothing, and nothing is missed.
            if message.exception == nil, isOfTable(message.function), !message.faults.contains(.form),
                let address = message.address
            {
                loss.report(map.tags, until: time, discovered: time) { emit(.gap($0)) }
                claims(message, address, values, written, at: time) { emit(.claim($0)) }
            }
        }
    }

    /// Nothing was heard until then but what was given: an answer that did not come is missed, and what is unknown
    /// is reported each second.
    mutating func wait(until time: Timestamp, _ emit: (Event) -> Void) {
        if !loss.isOpen, let awaited, time - awaited > PacketClaims.patience { loss.begin(at: awaited) }
        guard loss.isOpen, time - reported > PacketClaims.patience else { return }
        loss.report(map.tags, until: time, discovered: time) { emit(.gap($0)) }
        loss.begin(at: time)
        (reported, areWritesKnown) = (time, false)
    }

    /// Nothing more comes.
    mutating func finish(at time: Timestamp, _ emit: (Event) -> Void) {
        if let awaited, time - awaited > PacketClaims.patience { loss.begin(at: awaited) }
        loss.report(map.tags, until: time, discovered: time) { emit(.gap($0)) }
    }

    private func isWrite(_ function: UInt8) -> Bool { [5, 6, 15, 16, 22, 23].contains(function) }

    private mutating func hearWrite(
        _ message: ModbusTCPMessage, _ values: Span<UInt8>, _ written: Write?, of client: NetworkAddress,
        at time: Timestamp, _ emit: (Event) -> Void
    ) {
        guard map.writes != nil else { return }
        if loss.isOpen { areWritesKnown = false }
        if !areWritesKnown {
            loss.report(map.tags, until: time, discovered: time) { emit(.gap($0)) }
            if let claim = map.claim(of: nil, at: time) { emit(.claim(claim)) }
            areWritesKnown = true
        }
        guard var write = BusWrite(message, values, written?.address, written?.bytes ?? [], written?.count ?? 0) else {
            return
        }
        write.master = "\(client)"
        guard let claim = map.claim(of: write, at: time) else { return }
        emit(.claim(claim))
    }

    private func isOfTable(_ function: UInt8) -> Bool {
        switch map.table {
        case .coils: [1, 5, 15].contains(function)
        case .holdingRegisters: [3, 6, 16, 23].contains(function)
        case .discreteInputs, .inputRegisters: function == map.table.rawValue
        }
    }

    private func claims(
        _ message: ModbusTCPMessage, _ address: UInt16, _ values: Span<UInt8>, _ written: Write?, at time: Timestamp,
        _ emit: (Claim) -> Void
    ) {
        if let written, message.function > 6 {
            map.claims(
                from: written.address, count: Int(written.count), bytes: written.bytes.span, at: time, emit)
        }
        switch message.function {
        case 1...4, 6, 23: map.claims(from: address, count: Int(message.count), bytes: values, at: time, emit)
        case 5 where values.count > 0: map.claims(from: address, words: [values[0] == 0 ? 0 : 1], at: time, emit)
        default: break
        }
    }

    private mutating func keep(_ message: ModbusTCPMessage, _ values: Span<UInt8>, _ connection: Int) {
        let place: (UInt16, UInt16)? =
            switch message.function {
            case 5, 6: map.writes == nil ? nil : message.address.map { ($0, 1) }
            case 15, 16: message.address.map { ($0, message.count) }
            case 23: message.writeAddress.map { ($0, message.writeCount) }
            default: nil
            }
        guard let place, !message.faults.contains(.form) else { return }
        if writes.count == PacketClaims.mostWrites { writes.removeFirst() }
        writes.append(
            Write(
                connection: connection, transaction: message.transaction, address: place.0, count: place.1,
                bytes: values.indices.map { values[$0] }))
    }

    private mutating func takeWrite(_ message: ModbusTCPMessage, _ connection: Int) -> Write? {
        guard !writes.isEmpty, let address = message.function == 23 ? message.writeAddress : message.address,
            let index = writes.firstIndex(where: {
                $0.connection == connection && $0.transaction == message.transaction && $0.address == address
            })
        else { return nil }
        return writes.remove(at: index)
    }
}

extension BusWrite {
    /// Of the answer to a write; its values where it repeats them, or what was asked. nil: it answers no write, or what was
    /// asked was not heard.
    fileprivate init?(
        _ message: ModbusTCPMessage, _ values: Span<UInt8>, _ asked: UInt16?, _ bytes: [UInt8], _ count: UInt16
    ) {
        func registers(_ count: Int, _ byte: (Int) -> UInt8) -> [UInt16] {
            (0..<count).map { UInt16(byte(2 * $0)) << 8 | UInt16(byte(2 * $0 + 1)) }
        }
        let isRefused = message.exception != nil
        // A refusal does not repeat them.
        let bytes = values.count > 0 && message.function < 15 ? values.indices.map { values[$0] } : bytes
        switch message.function {
        case 5:
            guard let address = message.address else { return nil }
            let isOn: [UInt16] = bytes.isEmpty ? [] : [bytes[0] == 0 ? 0 : 1]
            self.init(areCoils: true, from: address, unit: message.unit, values: isOn, isRefused: isRefused)
        case 6:
            guard let address = message.address else { return nil }
            self.init(
                areCoils: false, from: address, unit: message.unit,
                values: registers(bytes.count / 2) { bytes[$0] }, isRefused: isRefused)
        case 15:
            guard let asked else { return nil }
            let bits = (0..<min(Int(count), 8 * bytes.count)).map { UInt16(bytes[$0 / 8] >> UInt8($0 % 8) & 1) }
            self.init(areCoils: true, from: asked, unit: message.unit, values: bits, isRefused: isRefused)
        case 16, 23:
            guard let asked else { return nil }
            self.init(
                areCoils: false, from: asked, unit: message.unit,
                values: registers(min(Int(count), bytes.count / 2)) { bytes[$0] }, isRefused: isRefused)
        default: return nil
        }
    }
}
