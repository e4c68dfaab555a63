import TapConfig
import TapCore

/// A screen that polls waves: a plant of claims alone.
struct WaveScreen: Plant {
    var signals = Signals()
    let tags: [TagInfo]
    private var polled: [Polled]
    /// Of the tags, by when each is claimed next.
    private var turns: TurnOrder
    private var notes: [PlantNote] = []

    private struct Polled {
        let every: UInt64
        var wave: Wave
        /// What it is without attacks; nil: there are none.
        var truth: Wave?
    }

    private enum Wave {
        case digital(TransitionCursor)
        case analog(AnalogGenerator)

        /// What is claimed at a time, not before the last one asked.
        mutating func value(at time: UInt64) -> Claim.Value {
            switch self {
            case .digital(var cursor):
                while cursor.peek(upTo: time) != DigitalGenerator.none { cursor.take() }
                self = .digital(cursor)
                return .bool(cursor.isHigh)
            case .analog(let generator): return .number(generator.value(at: time))
            }
        }
    }

    init(_ scenario: Scenario) {
        let builder = WaveBuilder(seed: scenario.seed, feed: nil)
        tags = scenario.claimed.enumerated().map { index, claim in
            TagInfo(id: TagID(UInt16(index)), name: claim.tag, source: claim.source, unit: claim.unit)
        }
        polled = scenario.claimed.map { claim in
            func wave(_ wave: ClaimedWave.Wave) -> Wave {
                switch wave {
                case .digital(let wave): .digital(TransitionCursor(builder.digital(wave, "claim \(claim.tag)")))
                case .analog(let wave): .analog(builder.analog(wave, "claim \(claim.tag)"))
                }
            }
            let unaltered = claim.wave.unaltered
            return Polled(
                every: UInt64(claim.every.count), wave: wave(claim.wave),
                truth: unaltered == claim.wave ? nil : wave(unaltered))
        }
        turns = TurnOrder(lines: polled.count)
        for index in polled.indices { turns.set(index, to: polled[index].every) }
    }

    mutating func advance(to time: Timestamp) {
        while turns.first.time <= time.nanoseconds {
            let (due, index) = (turns.first.time, turns.first.line)
            let claim = Claim(
                tag: TagID(UInt16(index)), value: polled[index].wave.value(at: due), quality: .good,
                time: Timestamp(nanoseconds: due))
            notes.append(.claim(claim, truth: polled[index].truth?.value(at: due) ?? claim.value))
            turns.set(index, to: due + polled[index].every)
        }
        signals.advance(to: time)
    }

    mutating func takeNotes() -> [PlantNote] {
        defer { notes = [] }
        return notes
    }
}
