public import TapCore

/// Cuts the characters of a serial line into Modbus RTU frames, checks them, and pairs responses with requests where
/// both pass on this line, as on RS-485.
///
/// A silence of t3.5 ends a frame. One between t1.5 and t3.5 is against the specification either way: it ends a frame
/// whose CRC fits there, and is a fault within one whose does not. A frame of a function whose request and response
/// look alike is taken as the response when it answers the request before it, within `responseTimeout`: on one line a
/// client that repeats itself sooner than that looks like a server that echoes. Never traps.
public struct ModbusDecoder: Sendable {
    private let within: Nanoseconds
    private let between: Nanoseconds
    private let responseTimeout: Nanoseconds

    private var bytes: [UInt8] = []
    private var crc: UInt16 = 0xFFFF
    private var start = Timestamp.zero
    private var faults: ModbusFrame.Faults = []
    /// Something of a frame came: a byte, or at least an error.
    private var isOpen = false
    /// When the line was last busy.
    private var last: Timestamp?
    private var pending: (unit: UInt8, request: ModbusRequest, end: Timestamp)?

    public init(_ format: UARTFormat, responseTimeout: Nanoseconds = .seconds(1)) {
        (within, between) = ModbusRTU.silences(format)
        self.responseTimeout = responseTimeout
        bytes.reserveCapacity(ModbusRTU.frameSizes.upperBound)
    }

    /// Takes what comes from a `UARTDecoder` of 8 data bits, in order.
    public mutating func take(_ character: UARTCharacter, _ emit: (ModbusFrame) -> Void) {
        // Receivers do not see it.
        if character.flags.contains(.falseStart) { return }
        if isOpen, let last {
            let silence = character.start - last
            if silence >= between {
                close(emit)
            } else if silence > within {
                if isWhole {
                    close(emit)
                    faults = .early
                } else {
                    faults.insert(.silence)
                }
            }
        } else if let last {
            faults = character.start - last < between ? faults.union(.early) : []
        }
        if character.flags.contains(.unknown) { return lose(character, emit) }
        if !isOpen {
            isOpen = true
            start = character.start
        }
        last = max(last ?? .zero, character.end)
        if !character.flags.isSubset(of: .unsynchronised) { faults.insert(.character) }
        guard character.isCharacter else { return }
        guard bytes.count < ModbusRTU.frameSizes.upperBound else {
            faults.insert(.tooLong)
            return
        }
        let byte = UInt8(truncatingIfNeeded: character.value)
        bytes.append(byte)
        crc = ModbusRTU.crc(crc, byte)
    }

    /// No character comes any more that began before this time: the `settled` of its `UARTDecoder`.
    public mutating func advance(to time: Timestamp, _ emit: (ModbusFrame) -> Void) {
        if isOpen, let last, time - last >= between { close(emit) }
    }

    /// Nothing more comes: what is under way is given as it is.
    public mutating func finish(_ emit: (ModbusFrame) -> Void) { close(emit) }

    private var isWhole: Bool {
        bytes.count >= ModbusRTU.frameSizes.lowerBound && crc == 0 && !faults.contains(.tooLong)
    }

    /// Whatever is open is in doubt, and so is what follows until a silence; an answer may have been missed.
    private mutating func lose(_ span: UARTCharacter, _ emit: (ModbusFrame) -> Void) {
        if isOpen { faults.insert(.unknown) }
        close(emit)
        pending = nil
        faults = .unknown
        last = span.end == .distantFuture ? span.start : span.end
    }

    private mutating func close(_ emit: (ModbusFrame) -> Void) {
        defer {
            bytes.removeAll(keepingCapacity: true)
            crc = 0xFFFF
            faults = []
            isOpen = false
        }
        guard isOpen, let last else { return }
        // Noise between frames is no frame.
        guard !bytes.isEmpty else { return }
        if bytes.count < ModbusRTU.frameSizes.lowerBound {
            faults.insert(.tooShort)
        } else if crc != 0 {
            faults.insert(.crc)
        }
        var frame = ModbusFrame(start: start, end: last, bytes: bytes, faults: faults, role: .unreadable)
        if frame.isCRCRight { frame.role = role(of: frame) }
        emit(frame)
    }

    private mutating func role(of frame: ModbusFrame) -> ModbusFrame.Role {
        let unit = frame.bytes[0]
        let body = frame.bytes[1..<frame.bytes.count - 2]
        let response = ModbusResponse(body)
        if let response, let asked = pending, asked.unit == unit, response.answers(asked.request),
            frame.start - asked.end <= responseTimeout
        {
            pending = nil
            return .response(response, to: asked.request, after: frame.start - asked.end)
        }
        if let request = ModbusRequest(body) {
            // Nobody answers what is sent to all.
            pending = unit == 0 ? nil : (unit, request, frame.end)
            return .request(request)
        }
        return response.map { .response($0, to: nil, after: nil) } ?? .unreadable
    }
}
