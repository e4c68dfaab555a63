import TapConfig
import TapCore

/// The lines and channels of a scenario as they reach tap, as if they were the signals of a plant, and what its screen
/// claims. Channels have a knot at each scan's time, aperture jitter and steps of their converter left aside.
struct WirePlant: Plant {
    var signals = Signals()
    let tags: [TagInfo]
    /// nil: there is neither a plant nor a screen.
    private let feed: PlantFeed?
    private var lines: [TransitionCursor]
    private var channels: [Channel]

    private struct Channel {
        let value: AnalogGenerator
        let period: UInt64
        var next: UInt64
    }

    init(_ scenario: Scenario) {
        feed = scenario.makePlant().map { PlantFeed($0, keepsNotes: true) }
        tags = feed?.tags ?? []
        let builder = WaveBuilder(seed: scenario.seed, feed: feed)
        lines = scenario.lines.map { TransitionCursor(builder.digital($0.wave, "line \($0.name)")) }
        channels = scenario.converters.flatMap { converter in
            let period = UInt64((1e9 / converter.rate_hz).rounded())
            return converter.channels.map { channel in
                Channel(
                    value: builder.analog(channel.wave, "channel \(converter.name).\(channel.name)"), period: period,
                    next: period)
            }
        }
        for (line, cursor) in zip(scenario.lines, lines) {
            _ = signals.declareDigital(line.name, startsHigh: cursor.isHigh)
        }
        for (channel, wire) in zip(WirePlant.channels(scenario), channels) {
            _ = signals.declareAnalog(channel.address, unit: channel.channel.unit, first: wire.value.value(at: 0))
        }
    }

    /// Of all converters, in the order of the signals.
    static func channels(_ scenario: Scenario) -> [(address: String, channel: ConverterChannel)] {
        scenario.converters.flatMap { one in one.channels.map { ("\(one.name).\($0.name)", $0) } }
    }

    mutating func advance(to time: Timestamp) {
        feed?.reach(time.nanoseconds)
        for index in lines.indices {
            while true {
                let next = lines[index].peek(upTo: time.nanoseconds)
                guard next != DigitalGenerator.none else { break }
                lines[index].take()
                signals.set(index, high: lines[index].isHigh, at: next)
            }
        }
        for index in channels.indices {
            while channels[index].next <= time.nanoseconds {
                let next = channels[index].next
                signals.set(index, to: channels[index].value.value(at: next), at: next)
                channels[index].next += channels[index].period
            }
        }
        signals.advance(to: time)
    }

    mutating func takeNotes() -> [PlantNote] { feed?.takeNotes() ?? [] }
}
