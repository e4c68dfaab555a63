public import TapCore

/// An attack on a single line, channel or claim: its wave has an alteration of the same span.
public struct WireAttack: Sendable, Hashable {
    public enum Place: Sendable, Hashable {
        case line(String)
        /// By its address.
        case channel(String)
        /// By its tag.
        case claim(String)
    }

    public var place: Place
    public var label: Label
    public var from: Nanoseconds
    /// nil: to the end of the run.
    public var to: Nanoseconds?

    /// The line's name, the channel's address or the claim's tag.
    public var name: String {
        switch place {
        case .line(let name), .channel(let name), .claim(let name): name
        }
    }
}

extension Scenario {
    /// The scenario in which an attack of `wireAttacks` never begins. Its place among the others stays taken, so that chance
    /// falls the same for them.
    public func without(_ attack: WireAttack) -> Scenario {
        var scenario = self
        switch attack.place {
        case .line(let name):
            for index in lines.indices where lines[index].name == name {
                scenario.lines[index].wave = lines[index].wave.without(attack)
            }
        case .channel(let address):
            for converter in converters.indices {
                for (index, channel) in converters[converter].channels.enumerated()
                where "\(converters[converter].name).\(channel.name)" == address {
                    scenario.converters[converter].channels[index].wave = channel.wave.without(attack)
                }
            }
        case .claim(let tag):
            for index in claimed.indices where claimed[index].tag == tag {
                switch claimed[index].wave {
                case .digital(let wave): scenario.claimed[index].wave = .digital(wave.without(attack))
                case .analog(let wave): scenario.claimed[index].wave = .analog(wave.without(attack))
                }
            }
        }
        return scenario
    }
}

extension DigitalWave {
    fileprivate func without(_ attack: WireAttack) -> DigitalWave {
        guard case .altered(let wave, let alterations) = self else { return self }
        return .altered(wave, alterations.map { $0.unless(attack) })
    }
}

extension AnalogWave {
    fileprivate func without(_ attack: WireAttack) -> AnalogWave {
        guard case .altered(let wave, let alterations) = self else { return self }
        return .altered(wave, alterations.map { $0.unless(attack) })
    }
}

extension Alteration {
    /// Two of one wave never meet, so its span names it.
    fileprivate func unless(_ attack: WireAttack) -> Alteration {
        guard from == attack.from, to == attack.to else { return self }
        return Alteration(from: Nanoseconds(.max), to: nil, effect)
    }
}
