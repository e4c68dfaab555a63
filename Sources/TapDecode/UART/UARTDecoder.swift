public import TapCore

/// Reads characters from the edges of one line, in order of time, as a receiver does: in the middle of each bit counted
/// from the start bit's edge. As in receivers, only the first stop bit is looked at.
///
/// What follows from its input is given to `emit` before the call returns; nothing is allocated. A loss makes the
/// character under way unknown, never silently wrong; a loss that is discovered late may speak of a span whose
/// characters are out already, and its `unknown` then shows it by its span. Takes anything, never traps.
///
/// ```swift
/// let format = UARTFormat(baud: 9_600)
/// var decoder = UARTDecoder(format)
/// var bytes: [UInt8] = []
/// decoder.level(isHigh: true, at: .zero) { _ in }
/// for transition in UARTEncoder(format, Array("ok".utf8), from: Timestamp(nanoseconds: 5_000_000)) {
///     decoder.edge(at: transition.time, isRising: transition.isHigh) { bytes.append(UInt8($0.value)) }
/// }
/// decoder.finish(at: Timestamp(nanoseconds: 10_000_000)) { bytes.append(UInt8($0.value)) }
/// print(String(decoding: bytes, as: UTF8.self))  // ok
/// ```
public struct UARTDecoder: Sendable {
    public let format: UARTFormat
    /// The middle of each bit from the start bit to the first stop bit, and the length of a character, from the start
    /// bit's edge on.
    private let middles: [UInt64]
    private let length: UInt64

    private enum State {
        case resting
        /// Bits are being read.
        case receiving
        /// All bits so far were active, the stop bit too: a break, if it lasts long enough.
        case held
    }

    private var state = State.resting
    /// Before inversion; nil: not known.
    private var isHigh: Bool?
    /// The latest time in its input.
    private var now = Timestamp.zero
    private var start = Timestamp.zero
    /// The bit whose middle is next, and those read before it.
    private var bit = 0
    private var word: UInt16 = 0
    private var highSince: Timestamp?
    private var isSynchronised = false

    public init(_ format: UARTFormat) {
        self.format = format
        middles = (0...format.bitsBeforeStop).map { UInt64(format.span(ofHalfBits: UInt64(2 * $0 + 1)).count) }
        length = UInt64(format.span(ofCharacters: 1).count)
    }

    /// The line was read.
    public mutating func level(isHigh isLineHigh: Bool, at time: Timestamp, _ emit: (UARTCharacter) -> Void) {
        let level = isLineHigh != format.isInverted
        sample(before: time, emit)
        if let isHigh, isHigh != level { lose(from: now, to: time, emit) }
        guard time >= now else { return }
        if isHigh == nil {
            isHigh = level
            highSince = level ? time : nil
        }
        now = time
    }

    public mutating func edge(at time: Timestamp, isRising: Bool, _ emit: (UARTCharacter) -> Void) {
        let level = isRising != format.isInverted
        guard time >= now else { return lose(from: time, to: now, emit) }
        sample(before: time, emit)
        // Twice in one direction: one was missed.
        if isHigh == level { lose(from: now, to: time, emit) }
        isHigh = level
        now = time
        if level { rise(emit) } else { fall() }
    }

    /// Edges of this span may be missing.
    public mutating func lose(from: Timestamp, to: Timestamp, _ emit: (UARTCharacter) -> Void) {
        sample(before: from, emit)
        let begin = state == .resting ? from : min(start, from)
        state = .resting
        isHigh = nil
        highSince = nil
        isSynchronised = false
        now = max(now, from)
        emit(UARTCharacter(start: begin, end: max(begin, to), value: 0, flags: .unknown))
    }

    /// Nothing changed before this time.
    public mutating func advance(to time: Timestamp, _ emit: (UARTCharacter) -> Void) {
        sample(before: time, emit)
        now = max(now, time)
    }

    /// The capture ends here, in the midst of whatever is under way.
    public mutating func finish(at time: Timestamp, _ emit: (UARTCharacter) -> Void) {
        advance(to: time, emit)
        if state == .held, now.nanoseconds &- start.nanoseconds >= length {
            // It has lasted long enough already.
            emit(UARTCharacter(start: start, end: now, value: 0, flags: flags(.breakCondition)))
        } else if state != .resting {
            emit(UARTCharacter(start: start, end: now, value: 0, flags: .unknown))
        }
        state = .resting
    }

    /// Everything that began before this time has been given out.
    public var settled: Timestamp { state == .resting ? now : start }

    private func flags(_ flags: UARTCharacter.Flags) -> UARTCharacter.Flags {
        isSynchronised ? flags : flags.union(.unsynchronised)
    }

    private mutating func fall() {
        if let highSince, now.nanoseconds &- highSince.nanoseconds >= length { isSynchronised = true }
        highSince = nil
        guard state == .resting else { return }
        state = .receiving
        start = now
        bit = 0
        word = 0
    }

    private mutating func rise(_ emit: (UARTCharacter) -> Void) {
        highSince = now
        guard state == .held else { return }
        state = .resting
        if now.nanoseconds &- start.nanoseconds >= length {
            emit(UARTCharacter(start: start, end: now, value: 0, flags: flags(.breakCondition)))
            // No character is that long, so what rises here is no part of one.
            isSynchronised = true
        } else {
            finishCharacter(0, .framingError, emit)
        }
    }

    /// Reads every bit whose middle lies before `time`: until then the level is what it was.
    @inline(__always)
    private mutating func sample(before time: Timestamp, _ emit: (UARTCharacter) -> Void) {
        while state == .receiving, let isHigh, time > start,
            middles[bit] < time.nanoseconds &- start.nanoseconds
        {
            if bit == 0, isHigh {
                state = .resting
                emit(UARTCharacter(start: start, end: highSince ?? now, value: 0, flags: flags(.falseStart)))
                return
            }
            if isHigh { word |= 1 << UInt16(bit) }
            bit += 1
            if bit == middles.count { complete(hasStop: isHigh, emit) }
        }
    }

    private mutating func complete(hasStop: Bool, _ emit: (UARTCharacter) -> Void) {
        guard hasStop || word != 0 else {
            state = .held
            return
        }
        state = .resting
        let data = word >> 1 & (1 << UInt16(format.dataBits) - 1)
        var errors: UARTCharacter.Flags = hasStop ? [] : .framingError
        if format.parity != .none {
            let isSet = word >> UInt16(format.dataBits + 1) & 1 == 1
            if isSet != format.parityBit(of: data) { errors.insert(.parityError) }
        }
        finishCharacter(data, errors, emit)
    }

    private mutating func finishCharacter(
        _ data: UInt16, _ errors: UARTCharacter.Flags, _ emit: (UARTCharacter) -> Void
    ) {
        emit(
            UARTCharacter(
                start: start, end: start + Nanoseconds(Int64(length)), value: data, flags: flags(errors)))
        if errors.contains(.framingError) { isSynchronised = false }
    }
}
