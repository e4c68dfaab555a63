import Glibc

/// Room on a file system.
enum DiskSpace {
    /// Bytes that this user can still write (statvfs(3)); nil: not known.
    static func free(in directory: String) -> UInt64? {
        var found = statvfs()
        guard unsafe statvfs(directory, &found) == 0 else { return nil }
        return UInt64(found.f_bavail) * UInt64(found.f_frsize)
    }
}
