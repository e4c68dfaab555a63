/// What a simulated converter measures: the raw bytes of each scan, as a function of its number alone.
public protocol ScanFeed: AnyObject, Sendable {
    /// Appends the samples of one scan, laid out as the device says, without its time.
    func append(scan number: UInt64, to raw: inout [UInt8])
}
