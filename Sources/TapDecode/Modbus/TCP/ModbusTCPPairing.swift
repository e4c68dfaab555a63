import TapCore

/// Reads the frames of one connection as requests and responses, and pairs them.
///
/// Several requests may be outstanding; a response answers the oldest of its transaction, unit and function that fits
/// it. So clients are followed that number nothing: their transactions are all 0.
struct ModbusTCPPairing: Sendable {
    private struct Pending: Sendable, BitwiseCopyable {
        var transaction: UInt16
        var unit: UInt8
        var function: UInt8
        var address: UInt16
        var hasAddress: Bool
        var count: UInt16
        var writeAddress: UInt16
        var writeCount: UInt16
        var time: Timestamp
        /// Its answer may be among what was not heard.
        var isDoubtful = false

        func isLike(_ other: Pending) -> Bool {
            transaction == other.transaction && unit == other.unit && function == other.function
        }
    }

    private var pending: [Pending] = []
    /// Requests that were not answered while they were waited for.
    private(set) var unanswered: UInt64 = 0
    /// A response is late that comes after.
    static let patience = Nanoseconds.seconds(30)
    static let most = 64

    init() { pending.reserveCapacity(ModbusTCPPairing.most) }

    var outstanding: Int { pending.count }

    /// What was asked or answered is not known any more.
    mutating func forget() {
        unanswered += UInt64(pending.count)
        pending.removeAll(keepingCapacity: true)
    }

    /// Responses were not heard: requests that differ in their order alone can no longer be paired.
    mutating func loseResponses() {
        for index in pending.indices { pending[index].isDoubtful = true }
        let all = pending
        remove { asked in all.count { $0.isLike(asked) } > 1 }
    }

    private mutating func remove(_ isGone: (Pending) -> Bool) {
        let before = pending.count
        pending.removeAll(where: isGone)
        unanswered += UInt64(before - pending.count)
    }

    mutating func request(_ frame: Span<UInt8>, at time: Timestamp) -> ModbusTCPMessage {
        var message = head(frame, .request, time)
        read(&message, request: frame)
        expire(at: time)
        let asked = Pending(
            transaction: message.transaction, unit: message.unit, function: message.function,
            address: message.address ?? 0, hasAddress: message.address != nil, count: message.count,
            writeAddress: message.writeAddress ?? 0, writeCount: message.writeCount, time: time)
        // Which of the two a response answers could not be known.
        remove { $0.isDoubtful && $0.isLike(asked) }
        pending.append(asked)
        return message
    }

    mutating func response(_ frame: Span<UInt8>, at time: Timestamp) -> ModbusTCPMessage {
        var message = head(frame, .unaskedResponse, time)
        let isException = frame[7] & 0x80 != 0
        if isException {
            if frame.count == 9 { message.exception = frame[8] } else { message.faults.insert(.form) }
        }
        let index = pending.firstIndex {
            $0.transaction == message.transaction && $0.unit == message.unit && $0.function == message.function
                && (isException || fits(frame, $0))
        }
        guard let index else {
            if !isException { read(&message, response: frame) }
            return message
        }
        let asked = pending.remove(at: index)
        message.kind = .response
        message.asked = asked.time
        if asked.hasAddress {
            message.address = asked.address
            message.count = asked.count
        }
        if asked.function == 23 { (message.writeAddress, message.writeCount) = (asked.writeAddress, asked.writeCount) }
        if !isException { read(&message, response: frame) }
        return message
    }

    private mutating func expire(at time: Timestamp) {
        while let first = pending.first,
            pending.count >= ModbusTCPPairing.most
                || time > first.time && time - first.time > ModbusTCPPairing.patience
        {
            pending.removeFirst()
            unanswered += 1
        }
    }

    private func head(_ frame: Span<UInt8>, _ kind: ModbusTCPMessage.Kind, _ time: Timestamp) -> ModbusTCPMessage {
        ModbusTCPMessage(
            kind: kind, time: time, transaction: frame.big16(0), unit: frame[6], function: frame[7] & 0x7F)
    }

    /// Whether a response has the length and the echo of what was asked.
    private func fits(_ frame: Span<UInt8>, _ asked: Pending) -> Bool {
        switch asked.function {
        case 1, 2: frame.count > 8 && Int(frame[8]) == (Int(asked.count) + 7) / 8
        case 3, 4, 23: frame.count > 8 && Int(frame[8]) == 2 * Int(asked.count)
        case 5, 6, 22: frame.count > 9 && frame.big16(8) == asked.address
        case 15, 16: frame.count > 11 && frame.big16(8) == asked.address && frame.big16(10) == asked.count
        default: true
        }
    }

    private func read(_ message: inout ModbusTCPMessage, request frame: Span<UInt8>) {
        let size = frame.count - 8
        func counted(_ position: Int, from start: Int) {
            let isWhole = size > start - 8 && size == start - 8 + Int(frame[position])
            if isWhole { message.values = start..<frame.count } else { message.faults.insert(.form) }
        }
        switch message.function {
        case 1...4 where size == 4, 15 where size > 5, 16 where size > 5:
            (message.address, message.count) = (frame.big16(8), frame.big16(10))
            if message.function > 4 { counted(12, from: 13) }
        case 5 where size == 4, 6 where size == 4:
            (message.address, message.count, message.values) = (frame.big16(8), 1, 10..<12)
        case 22 where size == 6:
            (message.address, message.count, message.values) = (frame.big16(8), 1, 10..<14)
        case 23 where size > 9:
            (message.address, message.count) = (frame.big16(8), frame.big16(10))
            (message.writeAddress, message.writeCount) = (frame.big16(12), frame.big16(14))
            counted(16, from: 17)
        case 1...6, 15, 16, 22, 23: message.faults.insert(.form)
        case 7, 8, 11, 12, 17, 20, 21, 24, 43: break
        default: message.faults.insert(.function)
        }
        if frame[7] & 0x80 != 0 { message.faults.insert(.form) }
    }

    private func read(_ message: inout ModbusTCPMessage, response frame: Span<UInt8>) {
        let size = frame.count - 8
        switch message.function {
        case 1...4, 23:
            guard size > 1, size == 1 + Int(frame[8]), message.function < 3 || frame[8] % 2 == 0 else {
                message.faults.insert(.form)
                return
            }
            message.values = 9..<frame.count
        case 5 where size == 4, 6 where size == 4:
            (message.address, message.count, message.values) = (frame.big16(8), 1, 10..<12)
        case 15 where size == 4, 16 where size == 4:
            (message.address, message.count) = (frame.big16(8), frame.big16(10))
        case 22 where size == 6:
            (message.address, message.count, message.values) = (frame.big16(8), 1, 10..<14)
        case 5, 6, 15, 16, 22: message.faults.insert(.form)
        case 7, 8, 11, 12, 17, 20, 21, 24, 43: break
        default: message.faults.insert(.function)
        }
    }
}
