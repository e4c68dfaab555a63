import CLinux
package import TapCore

/// Small files of /proc, /sys and /etc.
package enum SystemFile {
    /// The first bytes of a file; nil where it cannot be read.
    ///
    /// Sound: the C functions fill at most the size they are given.
    package static func bytes(_ path: String, atMost size: Int) throws(Errno) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: size)
        let length = try Errno.check(unsafe tap_read_file(path, &bytes, Int32(size)))
        return Array(bytes[..<length])
    }

    package static func linkTarget(_ path: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let length = unsafe tap_read_link(path, &bytes, Int32(bytes.count))
        return length < 0 ? nil : String(decoding: bytes[..<Int(length)], as: UTF8.self)
    }

    /// Of a character device, through links: two files of one number are one device.
    package static func deviceNumber(_ path: String) throws(Errno) -> UInt64 {
        var number: UInt64 = 0
        try Errno.check(unsafe tap_device_number(path, &number))
        return number
    }

    /// Names that begin with `prefix`, in the order of their numbers, then of their letters.
    package static func names(in directory: String, prefix: String = "") -> [String] {
        var names = [CChar](repeating: 0, count: 1 << 17)
        let length = unsafe tap_list(directory, prefix, &names, Int32(names.count))
        guard length > 0 else { return [] }
        let text = String(decoding: names[..<Int(length)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.split(separator: "\n").map(String.init).sorted { left, right in
            (trailingNumber(left), left) < (trailingNumber(right), right)
        }
    }

    private static func trailingNumber(_ name: String) -> Int {
        let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }
        return Int(String(digits.reversed())) ?? -1
    }
}
