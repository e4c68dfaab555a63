import TapCore

/// The numbers that lines, devices and tags of all sessions have in one capture: by their names.
struct StoreNumbers: Sendable {
    private(set) var lines: [LineInfo] = []
    private(set) var devices: [DeviceInfo] = []
    private(set) var tags: [TagInfo] = []
    private var lineNumbers: [String: UInt16] = [:]
    private var deviceNumbers: [DeviceKey: UInt16] = [:]
    private var tagNumbers: [String: UInt16] = [:]
    /// Of the first session, which gives the axis of time.
    private(set) var firstStart: StartEntry?
    /// Where each session began, on the monotonic clock that its sources are mapped to.
    private(set) var origins: [UInt64: Timestamp] = [:]

    /// A device whose channels are others is another device.
    private struct DeviceKey: Sendable, Hashable {
        var name: String
        var configuration: [UInt8]
    }

    mutating func add(_ header: SessionHeader, _ start: StartEntry) {
        if firstStart == nil { firstStart = start }
        origins[start.session] = header.origin
        for (source, table) in zip(header.sources, start.sources) {
            for line in source.lines where lineNumbers[line.name] == nil && hasNumber(lines) {
                lineNumbers[line.name] = UInt16(lines.count)
                lines.append(line)
                lines[lines.count - 1].id = LineID(UInt16(lines.count - 1))
            }
            for (device, subject) in zip(source.devices, table.devices) {
                let key = DeviceKey(name: device.name, configuration: subject.configuration)
                guard deviceNumbers[key] == nil, hasNumber(devices) else { continue }
                deviceNumbers[key] = UInt16(devices.count)
                var made = device
                made.id = DeviceID(UInt16(devices.count))
                if devices.contains(where: { $0.name == device.name }) { made.name += "-\(start.session)" }
                devices.append(made)
            }
            for tag in source.tags where tagNumbers[tag.title] == nil && hasNumber(tags) {
                tagNumbers[tag.title] = UInt16(tags.count)
                tags.append(tag)
                tags[tags.count - 1].id = TagID(UInt16(tags.count - 1))
            }
        }
        titles[start.session] = header.sources.map { $0.tags.map(\.title) }
    }

    /// Whether there is one for another.
    private func hasNumber(_ subjects: some Collection) -> Bool { subjects.count <= Int(UInt16.max) }

    /// Of each session and source, the titles of its tags: the log's entry has their names only.
    private var titles: [UInt64: [[String]]] = [:]

    /// By the session's numbers.
    func lines(of table: SourceTable) -> [UInt16: LineID] {
        var numbers: [UInt16: LineID] = [:]
        for subject in table.lines {
            if let number = lineNumbers[subject.name] {
                numbers[UInt16(truncatingIfNeeded: subject.number)] = LineID(number)
            }
        }
        return numbers
    }

    func devices(of table: SourceTable) -> [UInt16: DeviceID] {
        var numbers: [UInt16: DeviceID] = [:]
        for subject in table.devices {
            let key = DeviceKey(name: subject.name, configuration: subject.configuration)
            if let number = deviceNumbers[key] {
                numbers[UInt16(truncatingIfNeeded: subject.number)] = DeviceID(number)
            }
        }
        return numbers
    }

    func tags(of table: SourceTable, session: UInt64, source: Int) -> [UInt16: TagID] {
        var numbers: [UInt16: TagID] = [:]
        for (subject, title) in zip(table.tags, titles[session]?[source] ?? []) {
            if let number = tagNumbers[title] { numbers[UInt16(truncatingIfNeeded: subject.number)] = TagID(number) }
        }
        return numbers
    }
}
