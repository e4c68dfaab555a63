import TapCore

/// What the records of a JSON Lines capture name, ready to be found.
struct JSONLinesNames: Sendable {
    var lines: [[UInt8]] = []
    var devices: [[UInt8]] = []
    /// Of each device, its samples in the order of `raw`.
    var samples: [[ScanSample]] = []

    init() {}

    init(_ header: JSONLinesHeader) {
        lines = header.lines.map { Array($0.name.utf8) }
        devices = header.devices.map { Array($0.name.utf8) }
        samples = header.devices.map(\.samples)
    }
}
