/// What a loop on a bench measured of a machine: what its digital lines resolve, and how late it stamps.
///
/// Plain values; `TapConfig` reads them, `tap-bench loop` writes them. See docs/formats/profile.md.
public struct Profile: Sendable, Hashable {
    /// Of a number of measured times, nanoseconds.
    public struct Spread: Sendable, Hashable {
        public var count: UInt64
        public var minimum: UInt64
        public var median: UInt64
        public var share999: UInt64
        public var maximum: UInt64

        public init(count: UInt64, minimum: UInt64, median: UInt64, share999: UInt64, maximum: UInt64) {
            self.count = count
            self.minimum = minimum
            self.median = median
            self.share999 = share999
            self.maximum = maximum
        }

        /// nil: nothing was measured.
        public init?(_ histogram: Histogram) {
            guard let median = histogram.quantile(0.5), let share999 = histogram.quantile(0.999) else { return nil }
            self.init(
                count: histogram.count, minimum: histogram.minimum, median: median, share999: share999,
                maximum: histogram.maximum)
        }
    }

    /// One loop of wire.
    public struct Line: Sendable, Hashable {
        /// The listening end, by its name on the bench.
        public var name: String
        public var chip: String
        public var offset: Int
        /// See `Profile.shortestPulse`.
        public var shortestPulse: Nanoseconds?
        /// Pulses at that width that were driven, all of which were seen.
        public var pulses: UInt64
        /// See `Profile.losslessRate_hz`.
        public var losslessRate_hz: UInt64?

        public init(
            name: String, chip: String, offset: Int, shortestPulse: Nanoseconds? = nil, pulses: UInt64 = 0,
            losslessRate_hz: UInt64? = nil
        ) {
            self.name = name
            self.chip = chip
            self.offset = offset
            self.shortestPulse = shortestPulse
            self.pulses = pulses
            self.losslessRate_hz = losslessRate_hz
        }
    }

    /// The board that was measured.
    public var bench: String
    /// The boards it is good for.
    public var boards: [String]
    public var provenance: Provenance
    /// When: nanoseconds of UTC since 1970.
    public var utc: UInt64
    /// Of tap.
    public var version: String
    /// What the device tree or DMI calls the machine; empty if nothing does.
    public var model: String
    /// As in uname(2).
    public var architecture: String
    public var kernel: String
    public var kernelBuild: String
    public var libgpiod: String
    public var lines: [Line]
    /// From the beginning of a write to its edge's stamp.
    public var interruptLatency: Spread?
    /// How far a stamp lay outside its write; 0 for one within.
    public var stampError: Spread?
    /// How long a write took: within it, nobody knows when the wire changed.
    public var write: Spread?
    /// From an edge's stamp to its being in tap's ring.
    public var ringDelay: Spread?

    public init(
        bench: String, boards: [String], provenance: Provenance, utc: UInt64, version: String, model: String,
        architecture: String, kernel: String, kernelBuild: String, libgpiod: String, lines: [Line],
        interruptLatency: Spread? = nil, stampError: Spread? = nil, write: Spread? = nil, ringDelay: Spread? = nil
    ) {
        self.bench = bench
        self.boards = boards
        self.provenance = provenance
        self.utc = utc
        self.version = version
        self.model = model
        self.architecture = architecture
        self.kernel = kernel
        self.kernelBuild = kernelBuild
        self.libgpiod = libgpiod
        self.lines = lines
        self.interruptLatency = interruptLatency
        self.stampError = stampError
        self.write = write
        self.ringDelay = ringDelay
    }

    /// The shortest pulse that every line measured resolves: none longer was missed. nil: not known of one of them.
    public var shortestPulse: Nanoseconds? { shortestPulse(ofChips: lines.map(\.chip)) }

    /// The same of some chips' lines; nil too if no line of one of the chips was measured.
    public func shortestPulse(ofChips chips: [String]) -> Nanoseconds? {
        var longest: Nanoseconds?
        for chip in chips {
            let those = lines.filter { $0.chip == chip }
            guard !those.isEmpty else { return nil }
            for line in those {
                guard let pulse = line.shortestPulse else { return nil }
                longest = max(longest ?? .zero, pulse)
            }
        }
        return longest
    }

    /// Changes a second that every line measured takes, alone and for a second, without losing one; nil: not known of
    /// one of them.
    public var losslessRate_hz: UInt64? {
        let rates = lines.compactMap(\.losslessRate_hz)
        return rates.count == lines.count ? rates.min() : nil
    }
}
