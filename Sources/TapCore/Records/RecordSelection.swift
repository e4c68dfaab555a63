/// Which records to keep, and the numbers that their lines, devices and tags have from then on.
public struct RecordSelection: Sendable, Hashable {
    /// By the number so far; nil: those records go.
    public var lines: [UInt16?]
    public var devices: [UInt16?]
    public var tags: [UInt16?]

    public init(lines: [UInt16?], devices: [UInt16?], tags: [UInt16?] = []) {
        self.lines = lines
        self.devices = devices
        self.tags = tags
    }

    /// Whether it changes nothing.
    var isAll: Bool {
        [lines, devices, tags].allSatisfy { numbers in
            numbers.indices.allSatisfy { numbers[$0].map(Int.init) == $0 }
        }
    }
}
