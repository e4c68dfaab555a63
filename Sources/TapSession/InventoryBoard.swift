import TapConfig
public import TapCore
public import TapDriver

/// A board made of what the kernel has: every line of every chip, every input of every ADC. Nothing is requested.
///
/// Names are the kernel's where a board file could have them and no other line has them; else the chip's label and the
/// offset, as `pinctrl-bcm2711:17`. What is computed by the kernel is left out where there is hardware.
public struct InventoryBoard: Sendable, Hashable {
    public private(set) var board: Board
    /// What is left out, a sentence each.
    public private(set) var remarks: [String] = []

    /// - Parameter name: of the board, see `name(of:)`.
    public init(named name: String, _ gpio: GPIOInventory, _ contexts: [IIOInventory] = []) {
        let isHardware =
            gpio.chips.contains { $0.provenance == .hardware }
            || contexts.contains { $0.devices.contains { $0.isADC && !$0.isEmulated } }
        board = Board(name: name, title: name, provenance: isHardware ? .hardware : .emulatedKernel)
        for chip in gpio.chips { add(chip, among: gpio.chips) }
        for chip in gpio.refused {
            remarks.append("\(chip.path) cannot be opened (\(chip.refusal.name)) and is left out")
        }
        nameLines(gpio)
        for context in contexts {
            for device in context.devices where device.isADC { add(device, of: context) }
        }
    }

    /// The board of this machine, with what a board file says of itself.
    ///
    /// - Parameters:
    ///   - file: where it is to be written.
    ///   - version: of tap.
    public init(ofThisMachine file: String, _ gpio: GPIOInventory, _ contexts: [IIOInventory], version: String) {
        self.init(named: InventoryBoard.name(of: file), gpio, contexts)
        let machine = Machine.current
        if !machine.model.isEmpty { board.title = printable(machine.model, longest: 100) }
        if let name = machine.deviceTreeNames.first, BoardFile.isCompatible(name) { board.compatible = [name] }
        board.sources = ["what Linux \(BoardMatch.kernel()) on this machine lists, written by tap \(version)"]
        board.notes = [
            "Names are the kernel's. Rename lines after what they are wired to, delete those that are not wired, and add pins."
        ]
    }

    public var isEmpty: Bool { board.lines.isEmpty && board.adcs.isEmpty }

    /// A name that a board file may have, made of the name of the file.
    public static func name(of file: String) -> String {
        let last = file.split(separator: "/").last.map(String.init) ?? file
        let bare = last.lowercased().hasSuffix(".yaml") ? String(last.dropLast(5)) : last
        let parts = bare.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
        let name = String(parts.joined(separator: "-").prefix(60)).split(separator: "-").joined(separator: "-")
        return name.isEmpty ? "board" : name
    }

    private mutating func add(_ chip: GPIOChip, among chips: [GPIOChip]) {
        var reason: String?
        if chip.provenance != board.provenance {
            reason = "it is \(chip.provenance.rawValue), and a board's signals have one provenance"
        } else if chips.count(where: { $0.label == chip.label }) > 1 {
            reason = "another chip has its label, so it is ambiguous"
        } else if !BoardFile.isChipLabel(chip.label) || chip.lines.isEmpty {
            reason = "a board file cannot have its label, or it has no lines"
        }
        if let reason {
            remarks.append("\(chip.name) [\(printable(chip.label))] is left out: \(reason)")
            return
        }
        board.chips.append(BoardChip(label: chip.label, lines: chip.lines.count, isSlow: chip.isSlow))
    }

    private mutating func nameLines(_ gpio: GPIOInventory) {
        let chips = board.chips.compactMap { wanted in gpio.chips.first { $0.label == wanted.label } }
        var uses: [String: Int] = [:]
        for line in chips.flatMap(\.lines) { uses[line.name, default: 0] += 1 }
        for chip in chips {
            // A label has characters that a name may not have.
            let prefix = String(chip.label.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "_" })
            for (offset, line) in chip.lines.enumerated() {
                let isFit = BoardFile.isLineName(line.name) && uses[line.name] == 1
                let name = isFit ? line.name : "\(prefix.first == "-" ? "_" : "")\(prefix):\(offset)"
                board.lines.append(
                    BoardLine(name: name, chip: chip.label, offset: offset, note: InventoryBoard.note(line)))
            }
        }
    }

    private static func note(_ line: GPIOLine) -> String {
        var notes: [String] = []
        if line.direction == .output { notes.append("an output when this file was written: tap refuses outputs") }
        if line.isUsed {
            notes.append("in use when this file was written\(line.user.isEmpty ? "" : ", by \(printable(line.user))")")
        }
        return notes.joined(separator: "; ")
    }

    private mutating func add(_ device: IIOInventory.Device, of context: IIOInventory) {
        let shown = device.name ?? device.id
        guard !(device.isEmulated && board.provenance == .hardware) else {
            remarks.append(
                "\(printable(shown)) is left out: it is emulated-kernel, and a board's signals have one provenance")
            return
        }
        let isTwice = context.devices.count { ($0.name ?? $0.id) == shown } > 1
        // A buffer needs a trigger; each channel can be read singly without one.
        let isBuffered = device.trigger != nil && device.inputs.contains(where: \.isScannable)
        let channels = device.inputs.filter { $0.isScannable || !isBuffered }
        var adc = BoardADC(
            name: InventoryBoard.free(InventoryBoard.part(shown), board.adcs.map(\.name)),
            device: isTwice ? device.label ?? device.id : shown, context: context.context,
            method: isBuffered ? .buffered : .polled, isTimestamped: isBuffered && device.isTimestamped, isFitted: true)
        for channel in channels where BoardFile.isIIOChannel(channel.id) {
            adc.channels.append(
                BoardChannel(
                    name: InventoryBoard.free(
                        InventoryBoard.part(channel.name ?? channel.id), adc.channels.map(\.name)),
                    channel: channel.id, unit: BoardFile.isUnit(channel.unit) ? channel.unit : "raw"))
        }
        guard BoardFile.isDevice(adc.device), !adc.channels.isEmpty else {
            remarks.append("\(printable(shown)) is left out: a board file cannot have its name or its channels")
            return
        }
        board.adcs.append(adc)
    }

    /// Letters, digits, `_` and `-`.
    private static func part(_ text: String) -> String {
        let made = String(
            text.prefix(60).map { $0.isASCII && ($0.isLetter || $0.isNumber || "_-".contains($0)) ? $0 : "_" })
        return made.isEmpty || made.hasPrefix("-") ? "_" + made : made
    }

    private static func free(_ name: String, _ taken: [String]) -> String {
        guard taken.contains(name) else { return name }
        return (2...).lazy.map { "\(name)_\($0)" }.first { !taken.contains($0) } ?? name
    }
}

extension IIOInventory.Device {
    /// Inputs that are no time stamps.
    fileprivate var inputs: [IIOInventory.Channel] { channels.filter { !$0.isOutput && $0.id != "timestamp" } }

    /// Sensors of the machine itself (hwmon) are none.
    fileprivate var isADC: Bool { id.hasPrefix("iio:device") && !inputs.isEmpty }
}
