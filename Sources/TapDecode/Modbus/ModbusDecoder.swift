public import TapCore

/// Cuts the characters of a serial line into Modbus RTU frames and checks them; `ModbusPairing` reads them.
///
/// A silence of t3.5 ends a frame. One between t1.5 and t3.5 is against the specification either way: it ends a frame
/// whose CRC fits there, and is a fault within one whose does not. Where frames are joined, as by the breaks and stray
/// bytes of a bus without bias resistors, a frame ends where its CRC fits and its function's length is reached, or the
/// line is interrupted. Every byte is in one frame. Never traps.
///
/// ```swift
/// var (uart, modbus, pairing) = (UARTDecoder(format), ModbusDecoder(format), ModbusPairing())
/// var frames: [ModbusFrame] = []
/// uart.level(isHigh: true, at: .zero) { _ in }
/// for transition in encoder {
///     uart.edge(at: transition.time, isRising: transition.isHigh) { modbus.take($0) { frames.append($0) } }
/// }
/// uart.finish(at: encoder.end) { modbus.take($0) { frames.append($0) } }
/// modbus.finish { frames.append($0) }
/// for index in frames.indices { pairing.read(&frames[index]) }  // frames[0].role: a request to read coils
/// ```
public struct ModbusDecoder: Sendable {
    private let within: Nanoseconds
    private let between: Nanoseconds

    private var run = ModbusRun()
    /// Of the run, before it: bytes that are in no frame, and how many more there were than are kept.
    private var rest: [ModbusRun.Byte] = []
    private var hasMoreRest = false
    /// Since the last silence of t3.5 there was a frame whose CRC fits.
    private var hasFrame = false
    /// Edges were lost since the last silence, and no frame whose CRC fits came since.
    private var isAfterLoss = false
    /// Edges were lost at the end of the run.
    private var isBeforeLoss = false
    private var isAfterBreak = false
    /// When the line was last busy.
    private var last: Timestamp?

    public init(_ format: UARTFormat) {
        (within, between) = ModbusRTU.silences(format)
        rest.reserveCapacity(ModbusRTU.frameSizes.upperBound)
    }

    /// Takes what comes from a `UARTDecoder` of 8 data bits, in order.
    public mutating func take(_ character: UARTCharacter, _ emit: (ModbusFrame) -> Void) {
        // Receivers do not see it.
        if character.flags.contains(.falseStart) { return }
        var before = ModbusRun.Byte.Before.rest
        if let last {
            let silence = character.start - last
            if silence < between { before = isAfterBreak ? .breakCondition : silence > within ? .silence : .nothing }
            if before == .rest || silence > within && run.isWhole { close(emit) }
        }
        if before == .rest { (isAfterLoss, hasFrame) = (false, false) }
        if character.flags.contains(.unknown) { return lose(character, emit) }
        last = max(last ?? .zero, character.end)
        isAfterBreak = !character.isCharacter
        guard character.isCharacter else {
            if run.isWhole { close(emit) }
            return
        }
        if run.bytes.count == ModbusRun.most { cut(to: ModbusRTU.frameSizes.upperBound, isClosed: false, emit) }
        run.append(
            ModbusRun.Byte(
                value: UInt8(truncatingIfNeeded: character.value), start: character.start, end: character.end,
                isInError: !character.flags.isSubset(of: .unsynchronised), before: before))
    }

    /// No character comes any more that began before this time: the `settled` of its `UARTDecoder`.
    public mutating func advance(to time: Timestamp, _ emit: (ModbusFrame) -> Void) {
        if let last, time - last >= between { close(emit) }
    }

    /// Nothing more comes: what is under way is given as it is.
    public mutating func finish(_ emit: (ModbusFrame) -> Void) { close(emit) }

    /// Where the earliest frame began that is still under way.
    public var open: Timestamp? { (rest.first ?? run.bytes.first)?.start }

    /// What is under way is in doubt, and so is what follows until a silence.
    private mutating func lose(_ span: UARTCharacter, _ emit: (ModbusFrame) -> Void) {
        isBeforeLoss = true
        close(emit)
        isBeforeLoss = false
        hasFrame = false
        isAfterLoss = true
        isAfterBreak = false
        last = span.end == .distantFuture ? span.start : span.end
    }

    private mutating func close(_ emit: (ModbusFrame) -> Void) {
        cut(to: run.bytes.count, isClosed: true, emit)
    }

    /// Decides on the bytes before `limit`: each is in a frame whose CRC fits, or it is rest.
    private mutating func cut(to limit: Int, isClosed: Bool, _ emit: (ModbusFrame) -> Void) {
        var index = 0
        if isClosed, rest.isEmpty, run.isWhole {
            index = limit
            give(run.bytes[...], emit)
        }
        var isFree = false
        while index < limit {
            guard let end = run.end(ofFrameFrom: index, isClosed: isClosed, isFree: isFree) else {
                let before = run.bytes[index].before
                if before == .breakCondition || hasFrame && before != .nothing { giveRest(emit) }
                keep(run.bytes[index])
                isFree = false
                index += 1
                continue
            }
            hasFrame = true
            giveRest(emit)
            give(run.bytes[index..<end], emit)
            isFree = true
            index = end
        }
        if isClosed { giveRest(emit) }
        run.removeFirst(index)
    }

    /// A frame whose CRC fits.
    private mutating func give(_ bytes: ArraySlice<ModbusRun.Byte>, _ emit: (ModbusFrame) -> Void) {
        emit(frame(bytes))
        hasFrame = true
        isAfterLoss = false
    }

    private mutating func keep(_ byte: ModbusRun.Byte) {
        if rest.count < ModbusRTU.frameSizes.upperBound { rest.append(byte) } else { hasMoreRest = true }
    }

    private mutating func giveRest(_ emit: (ModbusFrame) -> Void) {
        guard !rest.isEmpty else { return }
        var frame = frame(rest[...])
        if hasMoreRest { frame.faults.insert(.tooLong) }
        if hasFrame, frame.faults.contains(.tooShort) { frame.role = .stray }
        emit(frame)
        rest.removeAll(keepingCapacity: true)
        hasMoreRest = false
    }

    private func frame(_ bytes: ArraySlice<ModbusRun.Byte>) -> ModbusFrame {
        let values = bytes.map(\.value)
        let isLast = bytes.last?.start == run.bytes.last?.start
        var faults: ModbusFrame.Faults = isAfterLoss || isBeforeLoss && isLast ? .unknown : []
        if values.count < ModbusRTU.frameSizes.lowerBound {
            faults.insert(.tooShort)
        } else if ModbusRTU.crc(values) != 0 {
            faults.insert(.crc)
        }
        if bytes.first?.before != .rest { faults.insert(.early) }
        if bytes.contains(where: \.isInError) { faults.insert(.character) }
        if bytes.dropFirst().contains(where: { $0.before == .silence }) { faults.insert(.silence) }
        return ModbusFrame(
            start: bytes.first?.start ?? .zero, end: bytes.map(\.end).max() ?? .zero, bytes: values, faults: faults,
            role: .unreadable)
    }
}
