public import TapDecode

/// What a server is asked for in one request. Reading is all that it can say.
public struct PollQuestion: Sendable, Hashable {
    public let table: ModbusTable
    /// As in the frame, from 0.
    public let address: UInt16
    public let count: UInt16

    /// nil: none, or more than one answer may hold or than there are addresses.
    public init?(_ table: ModbusTable, address: UInt16, count: UInt16) {
        guard (1...table.maximumCount).contains(count), Int(address) + Int(count) <= 65_536 else { return nil }
        (self.table, self.address, self.count) = (table, address, count)
    }
}
