import TapConfig
import TapFormats

extension Scenario {
    /// What its lines and channels stand for, and which claims of its plant speak of them.
    var meaning: PlotMeaning {
        var meaning = PlotMeaning()
        // By signal, the first line or channel that follows it.
        var places: [String: String] = [:]
        for line in lines {
            guard let signal = line.wave.followed, places[signal] == nil else { continue }
            places[signal] = line.name
        }
        for converter in converters {
            for channel in converter.channels {
                let address = "\(converter.name).\(channel.name)"
                let isLoop = channel.wave.isLoop
                guard let followed = channel.wave.followed,
                    let unit = plant?.analogSignals.first(where: { $0.name == followed.signal })?.unit
                else {
                    if isLoop {
                        meaning.quantities[address] = PlotMeaning.Quantity(
                            unit: channel.unit, factor: 1, offset: 0, isLoop: true)
                    }
                    continue
                }
                meaning.quantities[address] = PlotMeaning.Quantity(
                    unit: unit, factor: 1 / followed.factor, offset: -followed.offset / followed.factor, isLoop: isLoop)
                if places[followed.signal] == nil { places[followed.signal] = address }
            }
        }
        for claimed in plant?.claimedSignals ?? [] {
            guard let place = places[claimed.signal] else { continue }
            meaning.claims[claimed.tag] = PlotMeaning.Subject(place, isLimit: claimed.isLimit)
        }
        return meaning
    }
}
