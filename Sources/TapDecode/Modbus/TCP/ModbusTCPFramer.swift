/// Cuts one direction of a connection into frames of Modbus TCP.
///
/// Where it joins, and after a hole or bytes that are no frame, it begins again at a segment that is made of whole frames.
struct ModbusTCPFramer: Sendable {
    private var buffer: [UInt8] = []
    private var isInStep = false
    /// Bytes that are in no frame.
    private(set) var skipped: UInt64 = 0
    /// How often the stream was no longer made of frames.
    private(set) var faults: UInt64 = 0

    init() { buffer.reserveCapacity(ModbusTCP.mostBytes) }

    /// Where the next whole frame lies.
    enum Place {
        /// In the bytes that were given.
        case here(Range<Int>)
        /// In the buffer, since it came in parts.
        case buffered
    }

    /// The next frame of the stream; nil: there is no more in these bytes, and what is left of them is kept.
    ///
    /// - Parameter offset: how much of them is used, 0 for new ones.
    mutating func next(_ bytes: Span<UInt8>, _ offset: inout Int) -> Place? {
        if !isInStep, offset == 0 {
            guard ModbusTCPFramer.isWhole(bytes) else {
                skipped += UInt64(bytes.count)
                return nil
            }
            isInStep = true
        }
        while !buffer.isEmpty, offset < bytes.count {
            buffer.append(bytes[offset])
            offset += 1
            guard let length = ModbusTCP.length(buffer.span) else { return fall(bytes.count - offset) }
            if buffer.count >= 6, buffer.count == length { return .buffered }
        }
        let rest = bytes.extracting(droppingFirst: offset)
        guard rest.count > 0 else { return nil }
        guard let length = ModbusTCP.length(rest) else { return fall(rest.count) }
        if rest.count >= 6, rest.count >= length {
            offset += length
            return .here(offset - length..<offset)
        }
        for index in rest.indices { buffer.append(rest[index]) }
        offset = bytes.count
        return nil
    }

    mutating func takeBuffer() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &buffer)
        return taken
    }

    /// So that the next frame in parts needs no new memory.
    mutating func giveBack(_ frame: consuming [UInt8]) {
        frame.removeAll(keepingCapacity: true)
        buffer = frame
    }

    /// Bytes were not heard.
    mutating func lose() {
        skipped += UInt64(buffer.count)
        buffer.removeAll(keepingCapacity: true)
        isInStep = false
    }

    private mutating func fall(_ count: Int) -> Place? {
        faults += 1
        skipped += UInt64(count)
        lose()
        return nil
    }

    private static func isWhole(_ bytes: Span<UInt8>) -> Bool {
        var rest = bytes
        while rest.count > ModbusTCP.headerSize {
            guard let length = ModbusTCP.length(rest), length <= rest.count else { return false }
            rest = rest.extracting(droppingFirst: length)
        }
        return rest.count == 0
    }
}
