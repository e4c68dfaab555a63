import Glibc
import TapCore

/// Files that have no name and go with their descriptor.
enum UnnamedFile {
    /// - Parameter directory: where there is room.
    /// - Returns: a descriptor, open for reading and writing, that the caller closes.
    static func open(in directory: String) throws(TapError) -> Int32 {
        var template = Array("\(directory)/.tap-XXXXXX".utf8CString)
        let descriptor = unsafe template.withUnsafeMutableBufferPointer { unsafe mkstemp($0.baseAddress!) }
        guard descriptor >= 0 else {
            let words = Errno.last.words
            throw TapError(
                .output, printable(directory), "cannot create a temporary file there: \(words)",
                remedy: "choose another folder")
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = unsafe template.withUnsafeBufferPointer { unsafe unlink($0.baseAddress!) }
        return descriptor
    }

    /// Where what needs a place of its own goes: $TMPDIR, or /var/tmp, which is on a disk.
    static var usualFolder: String {
        if let named = unsafe getenv("TMPDIR"), unsafe named.pointee != 0 { return unsafe String(cString: named) }
        return unsafe access("/var/tmp", W_OK) == 0 ? "/var/tmp" : "/tmp"
    }

    static func copyName(_ path: String) -> String { "a temporary file in \(printable(path))" }
}
