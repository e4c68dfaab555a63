import Crypto
import TapCore

/// A source of a session as the log knows it: how its records are to be read, and whether that has changed.
struct SourceTable: Sendable, Hashable {
    var name = ""
    /// The raw value of a `Provenance`.
    var provenance = ""
    /// The raw value of a `ClockKind`.
    var clock = ""
    /// Add this to a stamp of the source to get the gateway's monotonic time.
    var offsetToMonotonic = Nanoseconds.zero
    /// nil: unknown.
    var clockUncertainty: Nanoseconds?
    /// The raw value of `SourceInfo.Capabilities`.
    var capabilities: UInt32 = 0
    /// As of `SourceInfo`; zero in stores of before it was entered.
    var allowedLateness = Nanoseconds.zero
    var lines: [Subject] = []
    var devices: [Subject] = []
    var tags: [Subject] = []
}

extension SourceTable {
    init(_ source: SourceInfo) {
        name = source.name
        provenance = source.provenance.rawValue
        clock = source.clock.kind.rawValue
        offsetToMonotonic = source.clock.offsetToMonotonic
        clockUncertainty = source.clock.uncertainty
        capabilities = source.capabilities.rawValue
        allowedLateness = source.allowedLateness
        lines = source.lines.map(Subject.init)
        devices = source.devices.map(Subject.init)
        tags = source.tags.map(Subject.init)
    }
}

extension Subject {
    init(_ line: LineInfo) {
        var unnumbered = line
        unnumbered.id = LineID(0)
        self.init(
            number: UInt32(line.id.index), name: line.name, chip: line.chip, offset: UInt32(clamping: line.offset),
            configuration: Subject.digest(unnumbered))
    }

    init(_ device: DeviceInfo) {
        var unnumbered = device
        unnumbered.id = DeviceID(0)
        self.init(
            number: UInt32(device.id.index), name: device.name, configuration: Subject.digest(unnumbered))
    }

    init(_ tag: TagInfo) {
        var unnumbered = tag
        unnumbered.id = TagID(0)
        self.init(number: UInt32(tag.id.index), name: tag.name, configuration: Subject.digest(unnumbered))
    }

    private static func digest(_ message: some ProtoMessage) -> [UInt8] {
        Array(SHA256.hash(data: message.encoded()).prefix(8))
    }
}

extension SourceTable: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.string(1, name)
        writer.string(2, provenance)
        writer.string(3, clock)
        writer.sint64(4, offsetToMonotonic.count)
        writer.uint64(5, ifPresent: clockUncertainty?.word)
        writer.uint32(6, capabilities)
        writer.messages(7, lines)
        writer.messages(8, devices)
        writer.messages(9, tags)
        writer.uint64(10, allowedLateness.word)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init()
        while let field = try reader.next() {
            switch field {
            case 1: name = try reader.string()
            case 2: provenance = try reader.string()
            case 3: clock = try reader.string()
            case 4: offsetToMonotonic = Nanoseconds(try reader.sint64())
            case 5: clockUncertainty = Nanoseconds(word: try reader.uint64())
            case 6: capabilities = try reader.uint32()
            case 7: lines.append(try reader.message())
            case 8: devices.append(try reader.message())
            case 9: tags.append(try reader.message())
            case 10: allowedLateness = try reader.nanoseconds()
            default: try reader.skip()
            }
        }
    }
}
