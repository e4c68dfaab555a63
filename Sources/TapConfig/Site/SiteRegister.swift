/// Where a poll's registers hold a tag.
public struct SiteRegister: Sendable, Hashable {
    public enum Order: String, Sendable, Hashable, CaseIterable {
        case highFirst = "high-first"
        case lowFirst = "low-first"
    }

    public enum Form: Sendable, Hashable {
        case unsigned, signed
        /// IEEE 754, of 2 or 4 registers.
        case float
    }

    /// The first register's address, as Modbus counts: from 0.
    public var address: Int
    /// 1, 2 or 4 registers.
    public var words = 1
    public var order = Order.highFirst
    public var form = Form.unsigned
    /// Of one register, from 0 for the lowest; nil: all.
    public var bits: ClosedRange<Int>?
    /// From the register's number to the tag's unit.
    public var scale = LinearScale(from: (0, 1), to: (0, 1))
}
