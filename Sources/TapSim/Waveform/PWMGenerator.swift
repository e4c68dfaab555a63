import TapCore

/// One pulse each period, as long as an analog wave says at its begin.
final class PWMGenerator: DigitalGenerator {
    private let period: UInt64
    private let duty: AnalogGenerator
    private var isHigh: Bool
    /// Of the present period, or of the first one if that has not begun.
    private var begin: UInt64
    private var hasBegun: Bool
    /// Of its pulse; the whole period: it is not over at its end.
    private var width: UInt64

    init(period: Nanoseconds, phase: Nanoseconds, duty: AnalogGenerator) {
        self.period = UInt64(period.count)
        self.duty = duty
        begin = UInt64(phase.count)
        hasBegun = begin == 0
        width = hasBegun ? PWMGenerator.width(of: duty, at: 0, UInt64(period.count)) : 0
        isHigh = width > 0
        super.init(startsHigh: width > 0)
    }

    private static func width(of duty: AnalogGenerator, at time: UInt64, _ period: UInt64) -> UInt64 {
        // A duty that is no number is none.
        let share = max(0, min(duty.value(at: time), 1))
        return share.isNaN ? 0 : min(period, UInt64((share * Double(period)).rounded()))
    }

    override func next(upTo limit: UInt64) -> UInt64 {
        while true {
            if hasBegun, isHigh, width < period {
                let end = begin &+ width
                guard end <= limit else { return DigitalGenerator.none }
                isHigh = false
                if width > 0 { return end }
            }
            let next = hasBegun ? begin &+ period : begin
            guard next <= limit else { return DigitalGenerator.none }
            begin = next
            hasBegun = true
            width = PWMGenerator.width(of: duty, at: next, period)
            if isHigh != (width > 0) {
                isHigh = width > 0
                return next
            }
        }
    }
}
