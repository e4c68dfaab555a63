import CGpiod
import TapCore

public struct GPIOChip: Sendable, Hashable {
    /// As "gpiochip0"; the number changes between kernels.
    public var name: String
    public var label: String
    /// By offset, without a hole.
    public var lines: [GPIOLine]

    public init(name: String, label: String, lines: [GPIOLine]) {
        self.name = name
        self.label = label
        self.lines = lines
    }
}
