public import TapCore

/// Every line and channel, as the kernel has them or as a board names them.
public struct LineTable: Sendable, Hashable {
    public struct Line: Sendable, Hashable {
        /// The board's name; without a board the kernel's, which may be empty.
        public var name: String
        public var pin: String
        /// The chip's label and the offset on it; empty and nil for a simulated line.
        public var chip: String
        public var offset: Int?
        public var kernelName: String
        public var direction: String
        /// Who uses it; empty: nobody.
        public var user: String
        /// The pin's usual other function, or what a simulated line does.
        public var function: String
    }

    public struct Channel: Sendable, Hashable {
        /// The board's `<adc>.<name>`; without a board `<device>.<id>`.
        public var name: String
        public var pin: String
        /// Of libiio; empty for a simulated channel.
        public var context: String
        public var device: String
        /// As `voltage0`.
        public var id: String
        public var direction: String
        /// Of value = (raw + offset) * scale.
        public var unit: String
        public var scale: Double?
        public var offset: Double?
        /// `polled`, or the buffer's form of a sample; what a simulated channel does.
        public var how: String
    }

    public var lines: [Line] = []
    public var channels: [Channel] = []
    /// What could not be listed, or is not as the board says: a sentence each.
    public var remarks: [String] = []
    /// What the board's file notes (`Board.notes(lines:adcs:)`), and where its facts were read.
    public var notes: [String] = []
    public var sources: [String] = []

    /// Nothing listed yet.
    public init() {}

    static let missing = "missing"
    static let notKnown = "not known"
}

extension LineTable {
    /// All that the kernel has.
    public init(_ gpio: GPIOInventory, _ contexts: [IIOInventory]) {
        for chip in gpio.chips {
            for (offset, line) in chip.lines.enumerated() {
                lines.append(
                    Line(
                        name: line.name, pin: "", chip: chip.label, offset: offset, kernelName: line.name,
                        direction: line.directionWord, user: line.userWord, function: ""))
            }
        }
        add(gpio.refused)
        add(contexts)
    }

    /// What a board names, with what the kernel says of it.
    public init(_ board: Board, _ gpio: GPIOInventory, _ contexts: [IIOInventory]) {
        for line in board.lines { lines.append(Line(line, board, gpio)) }
        for chip in board.chips {
            guard let complaint = gpio.find(chip).complaint(chip) else { continue }
            let here = gpio.chips.map(\.label)
            remarks.append(
                !gpio.refused.isEmpty
                    ? "\(complaint) among those that could be opened"
                    : here.isEmpty
                        ? "\(complaint), nor any other" : "\(complaint); here: \(here.joined(separator: ", "))")
        }
        add(gpio.refused)
        for adc in board.adcs { add(adc, contexts) }
        notes = board.notes(lines: board.lines, adcs: board.adcs)
        sources = board.sources
    }

    /// Lines and channels that are simulated.
    ///
    /// - Parameters:
    ///   - lines: names, pins where a board says them, and what each does.
    ///   - channels: addresses, units, and what each does.
    public init(
        lines: [(name: String, pin: String, function: String)],
        channels: [(name: String, unit: String, how: String)]
    ) {
        self.lines = lines.map { line in
            Line(
                name: line.name, pin: line.pin, chip: "", offset: nil, kernelName: "", direction: "simulated", user: "",
                function: line.function)
        }
        self.channels = channels.map { channel in
            Channel(
                name: channel.name, pin: "", context: "", device: "", id: "", direction: "simulated",
                unit: channel.unit, scale: nil, offset: nil, how: channel.how)
        }
    }

    /// All channels of contexts, but those of time stamps.
    public mutating func add(_ contexts: [IIOInventory]) {
        for context in contexts {
            for device in context.devices {
                let name = device.name ?? device.id
                for channel in device.channels where channel.id != "timestamp" {
                    channels.append(
                        Channel(
                            name: "\(name).\(channel.id)", pin: "", context: context.context, device: name,
                            id: channel.id, direction: channel.isOutput ? "output" : "input", unit: channel.unit,
                            scale: channel.scale, offset: channel.offset, how: channel.how))
                }
            }
        }
    }

    private mutating func add(_ refused: [GPIOInventory.RefusedChip]) {
        for chip in refused {
            remarks.append("\(chip.path) cannot be opened: \(chip.refusal.name); 'tap doctor' gives the remedy")
        }
    }

    private mutating func add(_ adc: BoardADC, _ contexts: [IIOInventory]) {
        let context = contexts.first { $0.context == adc.context }
        let match = DeviceMatch(adc.device, among: context?.devices.map(\.names) ?? [])
        let device = match.index.flatMap { context?.devices[$0] }
        var absent = adc.isFitted ? LineTable.missing : "not fitted"
        if let (what, remedy) = match.ambiguity(adc.device) {
            absent = LineTable.notKnown
            remarks.append("\(adc.name): \(what); \(remedy)")
        } else if context != nil, device == nil, adc.isFitted {
            remarks.append("\(adc.name): there is no device \(adc.device) in \(adc.context)")
        }
        for channel in adc.channels {
            let found = device?.channels.first { $0.id == channel.channel && !$0.isOutput }
            if let device, found == nil {
                remarks.append(
                    "\(adc.name).\(channel.name): \(device.name ?? device.id) has no input \(channel.channel)")
            }
            if let found, found.unit != channel.unit, channel.unit != "raw", found.unit != "raw" {
                remarks.append(
                    "\(adc.name).\(channel.name): the board says \(channel.unit), the kernel's unit is \(found.unit)")
            }
            channels.append(
                Channel(
                    name: "\(adc.name).\(channel.name)", pin: channel.pin, context: adc.context,
                    device: device?.name ?? adc.device, id: channel.channel,
                    direction: found != nil ? "input" : absent,
                    unit: channel.unit, scale: found?.scale, offset: found?.offset, how: found?.how ?? ""))
        }
    }
}

extension LineTable.Line {
    fileprivate init(_ line: BoardLine, _ board: Board, _ gpio: GPIOInventory) {
        var kernel: GPIOLine?
        if let chip = board.chips.first(where: { $0.label == line.chip }), case .found(let there) = gpio.find(chip),
            line.offset < there.lines.count
        {
            kernel = there.lines[line.offset]
        }
        self.init(
            name: line.name, pin: line.pin, chip: line.chip, offset: line.offset, kernelName: kernel?.name ?? "",
            direction: kernel?.directionWord ?? (gpio.refused.isEmpty ? LineTable.missing : LineTable.notKnown),
            user: kernel?.userWord ?? "",
            function: line.function)
    }
}

extension GPIOLine {
    fileprivate var directionWord: String { direction.rawValue + (isActiveLow ? ", active low" : "") }

    /// The kernel knows of users that give no name: a pin that its other function occupies.
    fileprivate var userWord: String { !isUsed ? "" : user.isEmpty ? "(no name)" : user }
}

extension IIOInventory.Channel {
    fileprivate var how: String { isScannable ? format ?? "buffered" : "polled" }
}
