import TapCore

/// The capture's numbers of what one source of a session records, by the session's.
struct SourceNumbers: Sendable {
    private let lines: [UInt16: LineID]
    private let devices: [UInt16: DeviceID]
    private let tags: [UInt16: TagID]

    init(lines: [UInt16: LineID], devices: [UInt16: DeviceID], tags: [UInt16: TagID]) {
        (self.lines, self.devices, self.tags) = (lines, devices, tags)
    }

    func line(_ number: UInt32) -> LineID? { UInt16(exactly: number).flatMap { lines[$0] } }
    func device(_ number: UInt32) -> DeviceID? { UInt16(exactly: number).flatMap { devices[$0] } }
    func tag(_ number: UInt32) -> TagID? { UInt16(exactly: number).flatMap { tags[$0] } }
}
