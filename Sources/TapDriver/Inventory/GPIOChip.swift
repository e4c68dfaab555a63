import CGpiod
public import TapCore

public struct GPIOChip: Sendable, Hashable {
    /// As "gpiochip0"; the number changes between kernels.
    public var name: String
    public var label: String
    /// By offset, without a hole.
    public var lines: [GPIOLine]
    /// Hardware, or computed by the kernel.
    public var provenance: Provenance
    /// Behind I2C, SPI or USB: stamps in a thread, so late.
    public var isSlow: Bool

    /// As gpiodetect has it.
    public var title: String { "\(name) [\(printable(label))]" }

    public init(
        name: String, label: String, lines: [GPIOLine], provenance: Provenance = .hardware, isSlow: Bool = false
    ) {
        self.name = name
        self.label = label
        self.lines = lines
        self.provenance = provenance
        self.isSlow = isSlow
    }
}
