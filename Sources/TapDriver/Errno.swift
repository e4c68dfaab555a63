import CLinux
import Glibc

/// An error number of the system.
struct Errno: Error, Hashable, CustomStringConvertible {
    var code: Int32
    init(_ code: Int32) { self.code = code }

    static let busy = Errno(EBUSY)
    static let permission = Errno(EACCES)
    static let notPermitted = Errno(EPERM)
    static let noDevice = Errno(ENODEV)
    static let notSupported = Errno(EOPNOTSUPP)
    static let invalid = Errno(EINVAL)
    /// None of the system's: a line that stands as an output.
    static let isOutput = Errno(-1)

    /// The system's words, as "No such device".
    var description: String {
        var words = [CChar](repeating: 0, count: 128)
        // XSI or GNU: either leaves or returns the words; unknown codes get a number.
        guard let found = unsafe strerror(code) else { return "errno \(code)" }
        unsafe strncpy(&words, found, words.count - 1)
        return text(words)
    }
}

/// A C string's bytes up to the first zero.
func text(_ bytes: [CChar]) -> String {
    String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

func text(_ bytes: UnsafeRawBufferPointer) -> String {
    unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
}

/// The names of a directory's entries that start with `prefix`.
func entries(of directory: String, prefix: String) -> [String] {
    var names = [CChar](repeating: 0, count: 1 << 16)
    let length = unsafe tap_list(directory, prefix, &names, Int32(names.count))
    guard length > 0 else { return [] }
    return text(names).split(separator: "\n").map(String.init)
}
