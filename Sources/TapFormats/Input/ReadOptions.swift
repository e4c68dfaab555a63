/// What a file of another program does not say of itself, given by whoever reads it. What a format has no use for is
/// not looked at.
public struct ReadOptions: Sendable {
    /// Samples a second, 1 to 1e9, of a file that has neither times nor a rate.
    public var rate_hz: UInt64?
    /// Of a table: the name of the column of times, or its number, counted from 1.
    public var timeColumn: String?
    /// Of a table's times, whatever it says.
    public var unit: TimeUnit?
    /// Of dates that have none.
    public var zone: ZoneOffset?
    /// Of a table: what stands between its cells.
    public var separator: UInt8?
    /// Of names; nil: UTF-8, or else Windows-1252.
    public var encoding: TextEncoding?
    /// Names of lines, channels and claims that will be picked: where a file has more than tap reads, these come first.
    /// Empty: everything will be.
    public var wanted: Set<String> = []

    public init() {}
}
