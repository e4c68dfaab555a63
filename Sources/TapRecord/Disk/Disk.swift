import TapCore

/// What a store needs of a file system: the real one, or one of a test that loses what was not synced.
///
/// Paths are relative to the store. Calls block as long as the medium does. Safe to use from one thread at a time.
public protocol Disk: AnyObject, Sendable {
    /// Makes the store's own directory, and those above it.
    func makeRoot() throws(DiskError)
    /// Opens a file for reading and writing.
    ///
    /// - Parameter creating: it must not be there; otherwise it must be.
    func open(_ path: String, creating: Bool) throws(DiskError) -> any DiskFile
    /// Opens a file for reading only.
    func openToRead(_ path: String) throws(DiskError) -> any DiskFile
    /// Names in a directory, sorted; empty where there is none.
    func names(in directory: String) throws(DiskError) -> [String]
    /// Makes a directory and those above it; one that is there stays. Their names are on the medium when this returns.
    func makeDirectory(_ path: String) throws(DiskError)
    /// The same, for the eyes of its owner only.
    func makePrivateDirectory(_ path: String) throws(DiskError)
    /// Replaces what has the new name.
    func rename(_ path: String, to newPath: String) throws(DiskError)
    func remove(_ path: String) throws(DiskError)
    /// Returns once the names in a directory are on the medium; "" is the store's own.
    func syncDirectory(_ path: String) throws(DiskError)
    /// Bytes that are free for this user; nil: not known.
    func freeBytes() -> UInt64?
    /// When a file was last written, by the clock of its file system, in nanoseconds since 1970; nil: not known.
    func modifiedUTC(_ path: String) -> UInt64?
    /// Bytes written through this, in whole pages of 4,096: what the medium takes at least, without the file system's own.
    var writtenBytes: UInt64 { get }
}

extension Disk {
    public var writtenBytes: UInt64 { 0 }
    public func modifiedUTC(_ path: String) -> UInt64? { nil }
    public func makeRoot() throws(DiskError) {}
    public func makePrivateDirectory(_ path: String) throws(DiskError) { try makeDirectory(path) }

    /// All of a file's bytes.
    func contents(_ path: String) throws(DiskError) -> [UInt8] {
        let file = try openToRead(path)
        return try file.read(at: 0, count: Int(try file.size()))
    }

    /// nil where there is no such file.
    func contentsIfThere(_ path: String) throws(DiskError) -> [UInt8]? {
        do throws(DiskError) { return try contents(path) } catch {
            guard error.errno == .notFound else { throw error }
            return nil
        }
    }

    func removeIfThere(_ path: String) throws(DiskError) {
        do throws(DiskError) { try remove(path) } catch { guard error.errno == .notFound else { throw error } }
    }

    /// Puts a whole file in place of what has its name: on the medium, name and all, when this returns.
    func replace(_ path: String, with bytes: [UInt8]) throws(DiskError) {
        let beside = path + ".new"
        try removeIfThere(beside)
        let file = try open(beside, creating: true)
        try file.write(bytes, at: 0)
        try file.sync()
        try rename(beside, to: path)
        let directory = path.split(separator: "/").dropLast().joined(separator: "/")
        try syncDirectory(directory)
    }
}
