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

public struct BoardLine: Sendable, Hashable {
    public var name: String
    public var chip: String
    public var offset: Int
    public var pin: String
    /// The usual alternate function that occupies the pin.
    public var function: String
    public var options: LineOptions
    public var note: String

    public init(
        name: String, chip: String, offset: Int, pin: String = "", function: String = "",
        options: LineOptions = LineOptions(), note: String = ""
    ) {
        self.name = name
        self.chip = chip
        self.offset = offset
        self.pin = pin
        self.function = function
        self.options = options
        self.note = note
    }
}

/// An ADC of a board, or a usual one for it.
public struct BoardADC: Sendable, Hashable {
    public var name: String
    /// The IIO device's name as the kernel shows it.
    public var device: String
    public var driver: String
    /// The libiio context URI.
    public var context: String
    public var method: DeviceInfo.Method
    public var isTimestamped: Bool
    /// All channels sampled at once; otherwise in turn.
    public var isSimultaneous: Bool
    public var isOneChannelPerBuffer: Bool
    /// Of the whole converter, scans per second; nil: not known.
    public var maximumRate_hz: Double?
    /// Scans per second to ask for; nil: as the device or trigger stands.
    public var rate_hz: Double?
    /// The IIO trigger to use; nil: the device's own.
    public var trigger: String?
    /// Soldered on the board; otherwise a usual add-on.
    public var isFitted: Bool
    public var channels: [BoardChannel]
    public var note: String

    public init(
        name: String, device: String, driver: String = "", context: String = "local:", method: DeviceInfo.Method,
        isTimestamped: Bool = false, isSimultaneous: Bool = false, isOneChannelPerBuffer: Bool = false,
        maximumRate_hz: Double? = nil, rate_hz: Double? = nil, trigger: String? = nil, isFitted: Bool = false,
        channels: [BoardChannel] = [], note: String = ""
    ) {
        self.name = name
        self.device = device
        self.driver = driver
        self.context = context
        self.method = method
        self.isTimestamped = isTimestamped
        self.isSimultaneous = isSimultaneous
        self.isOneChannelPerBuffer = isOneChannelPerBuffer
        self.maximumRate_hz = maximumRate_hz
        self.rate_hz = rate_hz
        self.trigger = trigger
        self.isFitted = isFitted
        self.channels = channels
        self.note = note
    }
}

public struct BoardChannel: Sendable, Hashable {
    /// Addressed as `<adc>.<name>`.
    public var name: String
    /// The IIO channel's ID, as `voltage0`.
    public var channel: String
    /// The SI unit of converted values.
    public var unit: String
    public var pin: String
    public var note: String

    public init(name: String, channel: String, unit: String, pin: String = "", note: String = "") {
        self.name = name
        self.channel = channel
        self.unit = unit
        self.pin = pin
        self.note = note
    }
}

/// What makes a board a bench: lines that `tap-bench` may drive. No other program of this project drives any.
public struct BoardBench: Sendable, Hashable {
    public enum Drive: Sendable, Hashable {
        /// Each line of the board by its own pull: the kernel's gpio-sim, without a wire.
        case pulls
        /// Output lines that are wired to the inputs they drive.
        case outputs([BoardLoopback])
    }

    public var drive: Drive
    /// Names of the boards for which a profile measured here is good.
    public var profileFor: [String]

    public init(_ drive: Drive, profileFor: [String]) {
        self.drive = drive
        self.profileFor = profileFor
    }
}

/// A wire from an output line to an input line, both by their names on the board.
public struct BoardLoopback: Sendable, Hashable {
    public var output: String
    public var input: String

    public init(output: String, input: String) {
        self.output = output
        self.input = input
    }
}
