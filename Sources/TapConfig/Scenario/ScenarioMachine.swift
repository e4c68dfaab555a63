public import TapCore

/// What stands between the wires of a scenario and tap: the kernel of a machine, and what goes wrong there.
///
/// Plain values; docs/scenarios.md says what each key means. A scenario without one is what its wires are.
public struct ScenarioMachine: Sendable, Hashable {
    /// The label of the one chip that all lines of a scenario are on.
    public static let chip = "simulated"

    public var kernel: KernelModel
    /// Of every line; zero: off.
    public var debounce: Nanoseconds
    /// Events that each line's kernel queue is asked to hold, 1 to 1024; nil: as the session asks.
    public var queue: Int?
    /// Cells of 16 bytes in the ring behind each source: what fills while its consumer is slow. A power of two, 1024 to 1048576.
    public var ring: Int
    /// Legal ones, of places that the scenario has.
    public var faults: [Fault]
    /// The lines of the chip by offset: all that the scenario has, also where a run picks some.
    public var lines: [String]

    public static let usualRing = Ring.usualCapacity

    public init(
        kernel: KernelModel = .ideal, debounce: Nanoseconds = .zero, queue: Int? = nil, ring: Int = usualRing,
        faults: [Fault] = [], lines: [String]
    ) {
        self.kernel = kernel
        self.debounce = debounce
        self.queue = queue
        self.ring = ring
        self.faults = faults
        self.lines = lines
    }
}
