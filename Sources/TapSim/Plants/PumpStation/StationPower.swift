import TapConfig

/// What has power, and why not.
struct StationPower: Sendable {
    var isDipped = false
    var isControlLost = false
    var isCut = false
    var hasBooted = true
    var isDownloading = false

    /// The contactors' supply.
    var isSupplied: Bool { !isDipped && hasInputs }
    /// The supply of the inputs' group: a short dip does not reach them.
    var hasInputs: Bool { !isControlLost && !isCut }
    var letsPLCRun: Bool { !isCut && hasBooted && !isDownloading }
}

extension PumpStationPlant {
    var isSupplied: Bool { power.isSupplied }

    /// A contact of the group that the control supply feeds: it is high only with that.
    mutating func setContact(_ line: Int, high isHigh: Bool, at time: UInt64) {
        signals.set(line, high: isHigh && power.hasInputs, at: time)
    }

    /// After a change of supply: contactors, and all inputs of the group.
    mutating func supply(at time: UInt64) {
        signals.set(StationLine.supply.rawValue, high: isSupplied, at: time)
        for pump in 0..<2 {
            energise(pump, at: time)
            setContact(StationLine.feedback(pump), high: contactors[pump].isAuxiliaryClosed, at: time)
            setContact(StationLine.auto(pump), high: panel[pump].auto, at: time)
            setContact(StationLine.hand(pump), high: panel[pump].hand, at: time)
            setContact(StationLine.ready(pump), high: panel[pump].ready, at: time)
            setContact(StationLine.overload(pump), high: panel[pump].overload, at: time)
        }
        setContact(StationLine.highFloat.rawValue, high: floats[0].isClosed, at: time)
        setContact(StationLine.lowFloat.rawValue, high: floats[1].isClosed, at: time)
    }
}
