/// An open file of a `Disk`; closed when it goes. One thread at a time.
public protocol DiskFile: AnyObject, Sendable {
    func size() throws(DiskError) -> UInt64
    /// Writes all of it; the file grows as needed.
    func write(_ bytes: [UInt8], at offset: UInt64) throws(DiskError)
    /// As many bytes as there are up to `count`.
    func read(at offset: UInt64, count: Int) throws(DiskError) -> [UInt8]
    /// Returns once what was written, and the size, are on the medium (fdatasync(2)). An error is final for this file: what
    /// was written before may be lost, and a second call proves nothing.
    func sync() throws(DiskError)
    /// Cuts it, or lets it grow with zeros.
    func resize(to size: UInt64) throws(DiskError)
}
