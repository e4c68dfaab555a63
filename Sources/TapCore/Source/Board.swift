/// A board as described by its file: the names of its lines and channels and where the kernel has them.
///
/// Plain values; `TapConfig` reads them from YAML. See docs/boards.md for the meaning of each key.
public struct Board: Sendable, Hashable {
    public var name: String
    public var title: String
    public var provenance: Provenance
    /// Any of these in /proc/device-tree/compatible says that this is the machine; empty: any machine.
    public var compatible: [String]
    public var sources: [String]
    public var notes: [String]
    public var chips: [BoardChip]
    public var lines: [BoardLine]
    public var adcs: [BoardADC]
    /// How its lines are driven; nil: it is no bench, and nothing may drive them.
    public var bench: BoardBench?

    public init(
        name: String, title: String = "", provenance: Provenance, compatible: [String] = [], sources: [String] = [],
        notes: [String] = [], chips: [BoardChip] = [], lines: [BoardLine] = [], adcs: [BoardADC] = [],
        bench: BoardBench? = nil
    ) {
        self.name = name
        self.title = title
        self.provenance = provenance
        self.compatible = compatible
        self.sources = sources
        self.notes = notes
        self.chips = chips
        self.lines = lines
        self.adcs = adcs
        self.bench = bench
    }
}
