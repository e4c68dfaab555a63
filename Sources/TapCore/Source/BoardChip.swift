/// A GPIO chip of a board. Its number (gpiochipN) changes between kernels; its label does not.
public struct BoardChip: Sendable, Hashable {
    public var label: String
    public var lines: Int
    /// Behind I2C, SPI or USB: stamps in a thread, so late.
    public var isSlow: Bool

    public init(label: String, lines: Int, isSlow: Bool = false) {
        self.label = label
        self.lines = lines
        self.isSlow = isSlow
    }
}
