public import TapCore

/// What a wire carries.
public struct SiteSignal: Sendable, Hashable {
    public enum Role: String, Sendable, Hashable, CaseIterable {
        case command, feedback, mode, interlock, measurement, count, alarm, supply, bus
        /// Nobody has said it yet, as in a first site file.
        case unset
    }

    /// Where a source has it.
    public enum Wire: Sendable, Hashable {
        case line(String)
        /// `ADC.NAME`, or `NAME` alone where no board says which ADC.
        case channel(String)
    }

    public var name: String
    public var wire: Wire
    public var role: Role
    /// An asset's name; empty: none.
    public var asset: String
    public var id = ""
    public var terminal = ""
    public var conductor = ""
    public var drawing = ""
    public var conditioner = ""
    /// What it means that the line is high; empty: not said.
    public var high = ""
    /// Contacts that bounce: edges this near to one another are one.
    public var settle = Nanoseconds.zero
    /// Of a channel, once it is scaled.
    public var dimension = Dimension.number
    /// As written, for people.
    public var unit = ""
    /// From the channel's unit to the signal's; nil: they are the same.
    public var scale: LinearScale?
    /// Values of the channel, in its own unit, beyond which the transmitter has failed (NAMUR NE 43); nil: none are.
    public var trusted: ClosedRange<Double>?
    /// As written, for people.
    public var trustedText = ""
    /// Transmitter, loop and converter together: 95 % of values lie this near to the truth.
    public var accuracy = 0.0
    /// The fastest plausible change, a second; nil: any.
    public var fastest: Double?
    /// How near to the last trusted value a step must come back for the channel to be trusted again after one that is faster
    /// than `fastest`; nil: it is trusted whatever steps it makes.
    public var backWithin: Double?
    /// What a pulse of the line counts.
    public var each: Quantity?
    /// The inputs that this supply feeds.
    public var feeds: [String] = []
    /// How far apart in time this supply and what it feeds may drop or come back; nil: what it feeds is read as any other.
    public var decay: Nanoseconds?
    /// How a bus is read, as `19200,8e1`; empty: not.
    public var uart = ""

    public var isLine: Bool { if case .line = wire { true } else { false } }
}
