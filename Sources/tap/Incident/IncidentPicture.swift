import TapCommand
import TapConfig
import TapCore
import TapFormats
import TapWatch

/// What was claimed, drawn over what was, of the rules of an incident.
struct IncidentPicture {
    /// Before its beginning, and after what was said of it last, but no more than so long after it was known.
    private static let margin = Nanoseconds.seconds(60)
    private static let longest = Nanoseconds.seconds(600)

    private let site: Site
    private let header: SessionHeader

    init(_ site: Site, _ header: SessionHeader) {
        self.site = site
        self.header = header
    }

    /// Blocks until it is drawn.
    ///
    /// - Parameter rules: those of the incident, by name.
    /// - Returns: false where there is nothing that could be drawn.
    func draw(
        _ incident: Incident, about rules: [String], of file: String, to path: String, mayReplace: Bool
    ) throws(TapError) -> Bool {
        var conversion = CaptureInput.conversion()
        conversion.mayReplace = mayReplace
        let reliance = site.meanings.filter { rules.contains($0.name) }.map(\.reliance)
        let names = reliance.reduce(into: Set<String>()) { $0.formUnion($1.signals) }
        let left: Set<SiteSignal.Role> = [.bus, .count, .supply, .mode]
        let signals = site.signals.filter { names.contains($0.name) && !left.contains($0.role) }
        conversion.lines = signals.compactMap { signal in
            guard case .line(let name) = signal.wire else { return nil }
            return header.lines.contains { $0.name == name } ? name : nil
        }
        conversion.channels = signals.compactMap { address(of: $0) }
        conversion.meaning = meaning
        // What the rules read, and what is said of those wires.
        let drawn = Set(conversion.lines + conversion.channels)
        let tags = reliance.reduce(into: Set<TagName>()) { $0.formUnion($1.tags) }
        conversion.claims = header.tags.filter { tag in
            tags.contains(TagName(source: tag.source, tag: tag.name))
                || conversion.meaning.claims[tag.name].map { drawn.contains($0.name) } ?? false
        }.map(\.name)
        conversion.reading.wanted = Set(conversion.lines + conversion.channels + conversion.claims)
        guard !conversion.reading.wanted.isEmpty else { return false }
        let end = min(incident.changed, incident.known + IncidentPicture.longest)
        conversion.span = (
            max(incident.began - IncidentPicture.margin, .zero), max(end, incident.known) + IncidentPicture.margin
        )
        _ = try conversion.draw(file, to: path, title: "Incident \(incident.number): \(incident.title)")
        return true
    }

    /// As captures name it; nil: it is no channel of this one.
    private func address(of signal: SiteSignal) -> String? {
        guard case .channel(let name) = signal.wire else { return nil }
        for device in header.devices {
            for channel in device.channels where "\(device.name).\(channel.name)" == name || channel.name == name {
                return "\(device.name).\(channel.name)"
            }
        }
        return nil
    }

    /// Claims lie over the one signal that they must agree with.
    private var meaning: PlotMeaning {
        var meaning = PlotMeaning()
        for signal in site.signals {
            guard let address = address(of: signal), !signal.unit.isEmpty else { continue }
            var (factor, offset) = (1.0, 0.0)
            if let scale = signal.scale {
                factor = (scale.to.high - scale.to.low) / (scale.from.high - scale.from.low)
                offset = scale.to.low - scale.from.low * factor
                // The scale leads to the SI's base.
                (factor, offset) = (factor / signal.base.size, (offset - signal.base.zero) / signal.base.size)
            }
            meaning.quantities[address] = PlotMeaning.Quantity(
                unit: signal.unit, factor: factor, offset: offset, isLoop: signal.trusted != nil)
        }
        for tag in site.sources.flatMap(\.tags) {
            let names: Set<String>
            switch tag.agreement {
            case .condition(let condition): names = site.reliance(on: condition).signals
            case .measure(let measure): names = site.reliance(on: measure).signals
            default: continue
            }
            guard names.count == 1, let signal = site.signals.first(where: { names.contains($0.name) }) else {
                continue
            }
            if case .line(let name) = signal.wire {
                meaning.claims[tag.name] = PlotMeaning.Subject(name)
            } else if let address = address(of: signal), tag.dimension == signal.dimension {
                meaning.claims[tag.name] = PlotMeaning.Subject(address)
            }
        }
        return meaning
    }
}
