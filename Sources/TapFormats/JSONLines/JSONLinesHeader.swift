import TapCore

/// The first line of a JSON Lines capture: docs/formats/jsonl.md, session header.
struct JSONLinesHeader: Sendable {
    var board = ""
    /// nil: a word that this tap does not know.
    var provenance: Provenance?
    var kernel = ""
    var origin: Timestamp?
    var fix: ClockFix?
    var shortestPulse: Nanoseconds?
    var lines: [LineInfo] = []
    var devices: [DeviceInfo] = []
    var tags: [TagInfo] = []
    /// Of the source of each line and device: what to add to its stamps.
    var lineOffsets: [Nanoseconds] = []
    var deviceOffsets: [Nanoseconds] = []
    var tagOffsets: [Nanoseconds] = []
    var promises = JSONLinesPromises()
    var limits: [String] = []
    var seed: UInt64?
    var notes: [String] = []

    private static let mostLines = 4_096
    private static let mostChannels = 4_096
    private static let mostTags = 4_096
    /// A scan with its padding.
    static let mostBytesPerScan: UInt64 = 1 << 16

    init(_ cursor: inout JSONCursor) throws(JSONCursor.Problem) {
        var result = JSONLinesHeader()
        var format: UInt64?
        try cursor.object { (cursor, name) throws(JSONCursor.Problem) in
            if cursor.equals(name, "format") {
                format = try cursor.unsigned()
            } else if cursor.equals(name, "provenance") {
                result.provenance = Provenance(rawValue: try cursor.string())
            } else if cursor.equals(name, "board") {
                result.board = try cursor.string()
            } else if cursor.equals(name, "seed") {
                result.seed = try cursor.unsigned()
            } else if cursor.equals(name, "notes") {
                try cursor.array { (cursor) throws(JSONCursor.Problem) in result.notes.append(try cursor.string()) }
            } else if cursor.equals(name, "kernel") {
                result.kernel = try cursor.string()
            } else if cursor.equals(name, "origin_ns") {
                result.origin = Timestamp(nanoseconds: try cursor.unsigned())
            } else if cursor.equals(name, "shortest_pulse_ns") {
                result.shortestPulse = cursor.null() ? nil : Nanoseconds(try cursor.signed())
            } else if cursor.equals(name, "clock_fix") {
                if !cursor.null() { result.fix = try JSONLinesRecord(&cursor, JSONLinesNames()).clockFix() }
            } else if cursor.equals(name, "sources") {
                try cursor.array { (cursor) throws(JSONCursor.Problem) in try result.source(&cursor) }
            } else {
                try cursor.skipValue()
            }
        }
        try cursor.expectEnd()
        guard format == 1 else {
            throw JSONCursor.Problem(
                what: format.map { "is format \($0), but this tap reads 1" } ?? "has no session header of tap")
        }
        guard result.origin != nil else { throw JSONCursor.Problem(what: "the session header has no origin_ns") }
        self = result
    }

    private init() {}

    /// If all lines and devices have one clock: what it is behind the monotonic one. Their stamps then stay as they are.
    mutating func takeCommonOffset() -> Nanoseconds {
        let all = lineOffsets + deviceOffsets + tagOffsets
        guard let common = all.first, all.allSatisfy({ $0 == common }) else { return .zero }
        lineOffsets = lineOffsets.map { _ in .zero }
        deviceOffsets = deviceOffsets.map { _ in .zero }
        tagOffsets = tagOffsets.map { _ in .zero }
        return common
    }

    /// As people see them, where they were different only in what cannot be seen.
    mutating func makeNamesUnique() {
        var ofLines = UniqueNames()
        for index in lines.indices { lines[index].name = ofLines.take(lines[index].name, or: "line \(index)") }
        var ofDevices = UniqueNames()
        for index in devices.indices {
            devices[index].name = ofDevices.take(devices[index].name, or: "device \(index)")
            var ofChannels = UniqueNames()
            for place in devices[index].channels.indices {
                devices[index].channels[place].name = ofChannels.take(
                    devices[index].channels[place].name, or: "channel \(place)")
            }
        }
        var ofTags: [String: UniqueNames] = [:]
        for index in tags.indices {
            tags[index].source = printable(tags[index].source)
            tags[index].name = ofTags[tags[index].source, default: UniqueNames()].take(
                tags[index].name, or: "tag \(index)")
        }
    }

    private mutating func source(_ cursor: inout JSONCursor) throws(JSONCursor.Problem) {
        var offset = Nanoseconds.zero
        let (firstLine, firstDevice, firstTag) = (lines.count, devices.count, tags.count)
        var result = self
        var limits: [String] = []
        var capabilities: SourceInfo.Capabilities?
        try cursor.object { (cursor, name) throws(JSONCursor.Problem) in
            if cursor.equals(name, "clock") {
                try cursor.object { (cursor, name) throws(JSONCursor.Problem) in
                    if cursor.equals(name, "offset_to_monotonic_ns") {
                        offset = Nanoseconds(try cursor.signed())
                    } else {
                        try cursor.skipValue()
                    }
                }
            } else if cursor.equals(name, "capabilities") {
                var words: [String] = []
                try cursor.array { (cursor) throws(JSONCursor.Problem) in words.append(try cursor.string()) }
                capabilities = Words.capabilities(words)
            } else if cursor.equals(name, "limits") {
                try cursor.array { (cursor) throws(JSONCursor.Problem) in limits.append(printable(try cursor.string()))
                }
            } else if cursor.equals(name, "lines") {
                try cursor.array { (cursor) throws(JSONCursor.Problem) in try result.line(&cursor) }
            } else if cursor.equals(name, "devices") {
                try cursor.array { (cursor) throws(JSONCursor.Problem) in try result.device(&cursor) }
            } else if cursor.equals(name, "tags") {
                try cursor.array { (cursor) throws(JSONCursor.Problem) in try result.tag(&cursor) }
            } else {
                try cursor.skipValue()
            }
        }
        self = result
        self.limits += limits
        promises.lines += lines[firstLine...].map { _ in capabilities }
        promises.devices += devices[firstDevice...].map { _ in capabilities }
        promises.tags += tags[firstTag...].map { _ in capabilities }
        lineOffsets += lines[firstLine...].map { _ in offset }
        deviceOffsets += devices[firstDevice...].map { _ in offset }
        tagOffsets += tags[firstTag...].map { _ in offset }
    }

    private mutating func tag(_ cursor: inout JSONCursor) throws(JSONCursor.Problem) {
        guard tags.count < JSONLinesHeader.mostTags else {
            throw JSONCursor.Problem(what: "more than \(JSONLinesHeader.mostTags) tags")
        }
        var tag = TagInfo(id: TagID(UInt16(tags.count)), name: "", source: "")
        try cursor.object { (cursor, name) throws(JSONCursor.Problem) in
            if cursor.equals(name, "tag") {
                tag.name = try cursor.string()
            } else if cursor.equals(name, "source") {
                tag.source = try cursor.string()
            } else if cursor.equals(name, "unit") {
                tag.unit = try cursor.string()
            } else {
                try cursor.skipValue()
            }
        }
        guard !tag.name.isEmpty, !tags.contains(where: { $0.title == tag.title }) else {
            throw JSONCursor.Problem(what: "tag \(tags.count) has no name of its own")
        }
        tags.append(tag)
    }

    private mutating func line(_ cursor: inout JSONCursor) throws(JSONCursor.Problem) {
        guard lines.count < JSONLinesHeader.mostLines else {
            throw JSONCursor.Problem(what: "more than \(JSONLinesHeader.mostLines) lines")
        }
        var line = LineInfo(id: LineID(UInt16(lines.count)), name: "")
        try cursor.object { (cursor, name) throws(JSONCursor.Problem) in
            if cursor.equals(name, "name") {
                line.name = try cursor.string()
            } else if cursor.equals(name, "chip") {
                line.chip = try cursor.string()
            } else if cursor.equals(name, "pin") {
                line.pin = try cursor.string()
            } else if cursor.equals(name, "offset") {
                line.offset = Int(try cursor.signed())
            } else if cursor.equals(name, "edges") {
                line.options.edges = LineOptions.Edges(rawValue: try cursor.string()) ?? .both
            } else if cursor.equals(name, "bias") {
                line.options.bias = LineOptions.Bias(rawValue: try cursor.string()) ?? .asIs
            } else if cursor.equals(name, "active_low") {
                line.options.isActiveLow = try cursor.bool()
            } else if cursor.equals(name, "debounce_ns") {
                line.options.debounce = Nanoseconds(try cursor.signed())
            } else if cursor.equals(name, "queue_asked") {
                line.queueAsked = cursor.null() ? nil : Int(try cursor.signed())
            } else if cursor.equals(name, "queue_held") {
                line.queueHeld = cursor.null() ? nil : Int(try cursor.signed())
            } else {
                try cursor.skipValue()
            }
        }
        guard !line.name.isEmpty, !lines.contains(where: { $0.name == line.name }) else {
            throw JSONCursor.Problem(what: "line \(lines.count) has no unique name")
        }
        lines.append(line)
    }

    private mutating func device(_ cursor: inout JSONCursor) throws(JSONCursor.Problem) {
        guard devices.count < JSONLinesHeader.mostChannels else {
            throw JSONCursor.Problem(what: "more than \(JSONLinesHeader.mostChannels) devices")
        }
        var device = DeviceInfo(
            id: DeviceID(UInt16(devices.count)), name: "", method: .replayed, isTimestamped: true, rate_hz: nil,
            bytesPerScan: 0, channels: [])
        try cursor.object { (cursor, name) throws(JSONCursor.Problem) in
            if cursor.equals(name, "name") {
                device.name = try cursor.string()
            } else if cursor.equals(name, "context") {
                device.context = try cursor.string()
            } else if cursor.equals(name, "how") {
                device.method = DeviceInfo.Method(rawValue: try cursor.string()) ?? .replayed
            } else if cursor.equals(name, "timestamped") {
                device.isTimestamped = try cursor.bool()
            } else if cursor.equals(name, "rate_hz") {
                device.rate_hz = cursor.null() ? nil : try cursor.number()
            } else if cursor.equals(name, "bytes_per_scan") {
                let bytes = try cursor.unsigned()
                guard bytes <= JSONLinesHeader.mostBytesPerScan else {
                    throw JSONCursor.Problem(what: "scans of \(bytes) bytes, more than any device's")
                }
                device.bytesPerScan = Int(bytes)
            } else if cursor.equals(name, "channels") {
                try cursor.array { (cursor) throws(JSONCursor.Problem) in
                    guard device.channels.count < JSONLinesHeader.mostChannels else {
                        throw JSONCursor.Problem(what: "more than \(JSONLinesHeader.mostChannels) channels")
                    }
                    device.channels.append(try JSONLinesHeader.channel(&cursor))
                }
            } else {
                try cursor.skipValue()
            }
        }
        guard !device.name.isEmpty, !devices.contains(where: { $0.name == device.name }) else {
            throw JSONCursor.Problem(what: "device \(devices.count) has no unique name")
        }
        for channel in device.channels
        where channel.byteOffset < 0 || channel.byteOffset + channel.format.bytes > device.bytesPerScan {
            throw JSONCursor.Problem(what: "channel '\(printable(channel.name))' lies outside its scan")
        }
        devices.append(device)
    }

    private static func channel(_ cursor: inout JSONCursor) throws(JSONCursor.Problem) -> ChannelInfo {
        var channel = ChannelInfo(
            name: "", channel: "", unit: "", byteOffset: -1, format: .float(bits: 64), offset: .nan, scale: .nan)
        var hasFormat = false
        try cursor.object { (cursor, name) throws(JSONCursor.Problem) in
            if cursor.equals(name, "name") {
                channel.name = try cursor.string()
            } else if cursor.equals(name, "channel") {
                channel.channel = try cursor.string()
            } else if cursor.equals(name, "pin") {
                channel.pin = try cursor.string()
            } else if cursor.equals(name, "unit") {
                channel.unit = try cursor.string()
            } else if cursor.equals(name, "byte_offset") {
                let offset = try cursor.unsigned()
                channel.byteOffset = offset < mostBytesPerScan ? Int(offset) : -1
            } else if cursor.equals(name, "format") {
                let text = try cursor.string()
                guard let format = ScanFormat(text) else {
                    throw JSONCursor.Problem(what: "'\(printable(text, longest: 40))' is not a sample format")
                }
                channel.format = format
                hasFormat = true
            } else if cursor.equals(name, "offset") {
                channel.offset = cursor.null() ? .nan : try cursor.number()
            } else if cursor.equals(name, "scale") {
                channel.scale = cursor.null() ? .nan : try cursor.number()
            } else {
                try cursor.skipValue()
            }
        }
        guard hasFormat else { throw JSONCursor.Problem(what: "a channel without a format") }
        return channel
    }
}
