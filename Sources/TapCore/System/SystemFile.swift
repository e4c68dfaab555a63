import CLinux

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

    /// Names in a directory that begin and end so, but for hidden ones, in the order of the numbers at their ends, then of
    /// their letters; empty where it cannot be read. At most 128 KiB of names.
    package static func names(in directory: String, prefix: String = "", suffix: String = "") -> [String] {
        // C would read it only up to a NUL.
        guard !directory.utf8.contains(0) else { return [] }
        var names = [CChar](repeating: 0, count: 1 << 17)
        let length = unsafe tap_list(directory, prefix, &names, Int32(names.count))
        guard length > 0 else { return [] }
        let all = names[..<Int(length)].split(separator: 0).map { name in
            String(decoding: name.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        return all.filter { $0.hasSuffix(suffix) }.sorted { left, right in
            (trailingNumber(left), left) < (trailingNumber(right), right)
        }
    }

    private static func trailingNumber(_ name: String) -> Int {
        let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }
        return Int(String(digits.reversed())) ?? -1
    }
}
