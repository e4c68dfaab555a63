/// Where signals come from: stamped in every session header and on every screen.
public enum Provenance: String, Sendable, Hashable, CaseIterable {
    /// Pins of this machine.
    case hardware
    /// A kernel's simulated chip or device (gpio-sim, IIO dummy).
    case emulatedKernel = "emulated-kernel"
    /// Computed by tap's simulator.
    case simulated
    /// Read from a file that was captured earlier.
    case replayed
    /// A device of another machine, over a network.
    case remote

    /// The attribute by which a libiio context says what its signals are.
    public static let contextAttribute = "tap,provenance"
}
