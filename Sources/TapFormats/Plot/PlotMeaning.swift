/// What the signals of a capture stand for, and which claims speak of them; without it claims are laid over the line or
/// channel that has their name.
public struct PlotMeaning: Sendable {
    /// Of channels, by `device.channel`.
    public var quantities: [String: Quantity]
    /// Of tags, by their name.
    public var claims: [String: Subject]

    public init(quantities: [String: Quantity] = [:], claims: [String: Subject] = [:]) {
        self.quantities = quantities
        self.claims = claims
    }

    /// What a channel's value is a signal of: factor x value + offset, in `unit`.
    public struct Quantity: Sendable, Hashable {
        public var unit: String
        public var factor: Double
        public var offset: Double
        /// A current of 4 to 20 mA (NAMUR NE 43).
        public var isLoop: Bool

        public init(unit: String, factor: Double, offset: Double, isLoop: Bool) {
            self.unit = unit
            self.factor = factor
            self.offset = offset
            self.isLoop = isLoop
        }
    }

    /// The line or channel that a claim speaks of.
    public struct Subject: Sendable, Hashable {
        /// A line's name, or `device.channel`.
        public var name: String
        /// A limit or set point of it, not its value.
        public var isLimit: Bool

        public init(_ name: String, isLimit: Bool = false) {
            self.name = name
            self.isLimit = isLimit
        }
    }
}
