import TapConfig
import TapCore
import TapDecode

/// A transmission on a serial line, given out bit by bit as time goes on.
struct SerialSender: Sendable {
    let format: UARTFormat
    private var encoder: UARTEncoder?
    private var waiting: Transition?

    init(_ format: UARTFormat) { self.format = format }

    /// What was sent before is over by then.
    mutating func send(_ bytes: [UInt8], at time: UInt64) {
        var encoder = UARTEncoder(format, bytes, from: Timestamp(nanoseconds: time))
        waiting = encoder.next()
        self.encoder = encoder
    }

    /// The transitions before a time, onto a signal.
    mutating func transmit(before end: UInt64, to signal: Int, of signals: inout Signals) {
        while let transition = waiting, transition.time.nanoseconds < end {
            signals.set(signal, high: transition.isHigh, at: transition.time.nanoseconds)
            waiting = encoder?.next()
        }
    }
}
