import TapConfig
import TapCore
import TapDecode

/// A transmission on a serial line, given out bit by bit as time goes on.
struct SerialSender: Sendable {
    let format: UARTFormat
    private var encoder: UARTEncoder?
    private var waiting: Transition?
    /// What was sent since, by its beginning: a question and its answer can come in one step.
    private var next: [(from: UInt64, encoder: UARTEncoder)] = []

    init(_ format: UARTFormat) { self.format = format }

    /// What was sent before is over by then; what is not is cut off.
    mutating func send(_ bytes: [UInt8], at time: UInt64) {
        next.append((time, UARTEncoder(format, bytes, from: Timestamp(nanoseconds: time))))
        if waiting == nil { begin() }
    }

    private mutating func begin() {
        guard !next.isEmpty else { return }
        var encoder = next.removeFirst().encoder
        waiting = encoder.next()
        self.encoder = encoder
    }

    /// The transitions before a time, onto a signal.
    mutating func transmit(before end: UInt64, to signal: Int, of signals: inout Signals) {
        while let transition = waiting {
            let time = transition.time.nanoseconds
            if let other = next.first, other.from <= time {
                begin()
                continue
            }
            guard time < end else { return }
            signals.set(signal, high: transition.isHigh, at: time)
            waiting = encoder?.next()
            if waiting == nil { begin() }
        }
    }
}
