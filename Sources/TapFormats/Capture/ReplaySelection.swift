public import TapCore

/// Some of a file's lines and channels.
public struct ReplaySelection: Sendable {
    public private(set) var lines: [LineInfo]
    public private(set) var devices: [DeviceInfo]
    public private(set) var tags: [TagInfo]
    public private(set) var numbers: RecordSelection

    /// Everything.
    public init(all header: SessionHeader) {
        lines = header.lines
        devices = header.devices
        tags = header.tags
        numbers = RecordSelection(
            lines: lines.indices.map { UInt16($0) }, devices: devices.indices.map { UInt16($0) },
            tags: tags.indices.map { UInt16($0) })
    }

    /// Its claims alone.
    ///
    /// - Parameter firstTag: the session's number of the first.
    public init(claimsOf header: SessionHeader, firstTag: UInt16) {
        lines = []
        devices = []
        tags = header.tags.enumerated().map { number, tag in
            var tag = tag
            tag.id = TagID(firstTag + UInt16(number))
            return tag
        }
        numbers = RecordSelection(
            lines: header.lines.map { _ in nil }, devices: header.devices.map { _ in nil },
            tags: tags.map { $0.id.index })
    }

    /// What is named, in that order; nothing named of either kind: nothing of that kind.
    ///
    /// - Parameters:
    ///   - lines: names of lines.
    ///   - channels: `device.channel`, or a device with all its channels.
    ///   - claims: names of tags, or `source tag`.
    public init(
        _ header: SessionHeader, lines names: [String], channels: [String], claims: [String] = []
    ) throws(TapError) {
        self.init(all: header)
        lines = []
        devices = []
        tags = []
        numbers = RecordSelection(
            lines: header.lines.map { _ in nil }, devices: header.devices.map { _ in nil },
            tags: header.tags.map { _ in nil })
        for name in names { try take(line: name, of: header) }
        for name in channels { try take(channel: name, of: header) }
        for name in claims { try take(claim: name, of: header) }
    }

    private mutating func take(claim name: String, of header: SessionHeader) throws(TapError) {
        let found = header.tags.indices.filter { header.tags[$0].name == name || header.tags[$0].title == name }
        guard !found.isEmpty else {
            throw TapError(
                .notFound, "claim '\(printable(name))'", "is not made in \(header.sources[0].name)",
                remedy: ReplaySelection.remedy(name, "claim", of: header))
        }
        for index in found {
            guard numbers.tags[index] == nil else { throw ReplaySelection.twice("claim '\(printable(name))'") }
            numbers.tags[index] = UInt16(tags.count)
            tags.append(header.tags[index])
            tags[tags.count - 1].id = TagID(UInt16(tags.count - 1))
        }
    }

    private mutating func take(line name: String, of header: SessionHeader) throws(TapError) {
        guard let index = header.lines.firstIndex(where: { $0.name == name }) else {
            throw TapError(
                .notFound, "line '\(printable(name))'", "is not in \(header.sources[0].name)",
                remedy: ReplaySelection.remedy(name, "line", of: header))
        }
        guard numbers.lines[index] == nil else { throw ReplaySelection.twice("line '\(printable(name))'") }
        numbers.lines[index] = UInt16(lines.count)
        lines.append(header.lines[index])
        lines[lines.count - 1].id = LineID(UInt16(lines.count - 1))
    }

    private mutating func take(channel name: String, of header: SessionHeader) throws(TapError) {
        var isFound = false
        for (index, device) in header.devices.enumerated() {
            let wanted = device.channels.filter { name == device.name || name == "\(device.name).\($0.name)" }
            guard !wanted.isEmpty else { continue }
            isFound = true
            if numbers.devices[index] == nil {
                numbers.devices[index] = UInt16(devices.count)
                devices.append(device)
                devices[devices.count - 1].id = DeviceID(UInt16(devices.count - 1))
                devices[devices.count - 1].channels = []
            }
            let place = Int(numbers.devices[index] ?? 0)
            for channel in wanted {
                guard !devices[place].channels.contains(channel) else {
                    throw ReplaySelection.twice("channel '\(printable(name))'")
                }
                devices[place].channels.append(channel)
            }
        }
        guard isFound else {
            throw TapError(
                .notFound, "channel '\(printable(name))'", "is not in \(header.sources[0].name)",
                remedy: ReplaySelection.remedy(name, "channel", of: header))
        }
    }

    private static func twice(_ subject: String) -> TapError {
        TapError(.busy, subject, "is named twice", remedy: "name it once")
    }

    /// What was probably meant, and what there is.
    private static func remedy(_ name: String, _ kind: String, of header: SessionHeader) -> String {
        let all = [
            ("line", header.lines.map(\.name)),
            ("channel", header.devices.flatMap { device in device.channels.map { "\(device.name).\($0.name)" } }),
            ("claim", header.tags.map(\.name)),
        ]
        if let other = all.first(where: { $0.0 != kind && $0.1.contains(name) })?.0 {
            return "it is a \(other), not a \(kind)"
        }
        let names = all.first { $0.0 == kind }?.1 ?? []
        guard !names.isEmpty else { return "it has no \(kind)s" }
        let meant = guess(name, in: names).map { "\($0) " } ?? ""
        let more = names.count > 8 ? " and \(names.count - 8) more" : ""
        return meant + "it has: \(names.prefix(8).map { printable($0) }.joined(separator: ", "))\(more)"
    }
}
