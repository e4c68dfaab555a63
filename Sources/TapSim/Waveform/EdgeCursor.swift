import TapCore

/// Walks along the edges of one digital wave, in order: a pure function of the wave.
///
/// All arithmetic is in whole nanoseconds, so the millionth period is as exact as the first.
struct EdgeCursor: Sendable {
    /// The level at time zero; an edge that would fall on time zero is part of it.
    private(set) var startsHigh: Bool
    /// The time of the next edge; nil: none follows.
    private(set) var next: UInt64?
    private(set) var isRising: Bool

    private let wave: Wave
    private var index: UInt64 = 0

    /// Any periodic wave: within each period, `pulses` pulses of `width`, one each `spacing`, the first at `phase`.
    private struct Wave: Sendable {
        var phase: UInt64
        var period: UInt64
        var pulses: UInt64
        var width: UInt64
        var spacing: UInt64
        var isInverted: Bool
    }

    init(_ line: SimulatedLine) {
        switch line.wave {
        case .constant:
            wave = Wave(phase: 0, period: 1, pulses: 0, width: 0, spacing: 0, isInverted: line.startsHigh)
        case .square(let period, let duty, let phase):
            let width = (Double(period.count) * duty).rounded()
            wave = Wave(
                phase: UInt64(phase.count), period: UInt64(period.count), pulses: 1, width: UInt64(width),
                spacing: UInt64(period.count), isInverted: line.startsHigh)
        case .pulseTrain(let pulses, let width, let spacing, let every, let phase):
            wave = Wave(
                phase: UInt64(phase.count), period: UInt64(every.count), pulses: UInt64(pulses),
                width: UInt64(width.count), spacing: UInt64(spacing.count), isInverted: line.startsHigh)
        }
        isRising = false
        startsHigh = wave.isInverted
        guard wave.pulses > 0 else { return }
        locate()
        while next == 0 {
            startsHigh = isRising
            advance()
        }
    }

    /// Goes on to the edge after the next one.
    mutating func advance() {
        index += 1
        locate()
    }

    /// Edge number `index` of the wave: even ones begin a pulse, odd ones end it.
    private mutating func locate() {
        let pulse = index / 2
        let begin = wave.phase + pulse / wave.pulses * wave.period + pulse % wave.pulses * wave.spacing
        next = index % 2 == 0 ? begin : begin + wave.width
        isRising = (index % 2 == 0) != wave.isInverted
    }
}
