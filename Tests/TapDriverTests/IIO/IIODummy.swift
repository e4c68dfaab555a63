#if IIO
    import Glibc

    /// A device of the kernel's IIO dummy driver, or a timer trigger, made through configfs. Goes away with the object.
    final class IIODummy {
        struct Failure: Error, CustomStringConvertible { var description: String }

        static let root = "/sys/kernel/config/iio"
        private static let devices = "/sys/bus/iio/devices"
        static var isHere: Bool { unsafe access(root, W_OK) == 0 }
        /// A capable machine: being skipped there is a failure.
        static var isDemanded: Bool { unsafe getenv("TAP_HIL") != nil }

        let name: String
        /// As `iio:device0` or `trigger0`.
        private(set) var id = ""
        private let folder: String
        private let prefix: String

        private init(_ name: String, in kind: String, prefix: String) throws {
            self.name = name
            self.prefix = prefix
            folder = "\(IIODummy.root)/\(kind)/\(name)"
            try plugIn()
        }

        static func device(_ name: String) throws -> IIODummy {
            try IIODummy(name, in: "devices/dummy", prefix: "iio:device")
        }

        static func trigger(_ name: String, rate_hz: Int) throws -> IIODummy {
            let made = try IIODummy(name, in: "triggers/hrtimer", prefix: "trigger")
            try made.write("sampling_frequency", "\(rate_hz)")
            return made
        }

        deinit { unplug() }

        func plugIn() throws {
            guard unsafe mkdir(folder, 0o755) == 0 else {
                throw Failure(description: "mkdir \(folder): errno \(errno)")
            }
            for number in 0..<64 {
                let found = "\(prefix)\(number)"
                if (try? IIODummy.text("\(IIODummy.devices)/\(found)/name")) == name {
                    id = found
                    return
                }
            }
            throw Failure(description: "the kernel made no \(prefix) named \(name)")
        }

        func unplug() { unsafe rmdir(folder) }

        func read(_ attribute: String) throws -> String { try IIODummy.text("\(IIODummy.devices)/\(id)/\(attribute)") }

        func write(_ attribute: String, _ value: String) throws {
            let path = "\(IIODummy.devices)/\(id)/\(attribute)"
            let file = unsafe open(path, O_WRONLY | O_CLOEXEC)
            guard file >= 0 else { throw Failure(description: "\(path): errno \(errno)") }
            defer { close(file) }
            let count = unsafe value.utf8.withContiguousStorageIfAvailable {
                unsafe Glibc.write(file, $0.baseAddress, $0.count)
            }
            guard count == value.utf8.count else { throw Failure(description: "\(path): \(value): errno \(errno)") }
        }

        private static func text(_ path: String) throws -> String {
            let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { throw Failure(description: "\(path): errno \(errno)") }
            defer { close(file) }
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = unsafe Glibc.read(file, &bytes, bytes.count)
            return String(decoding: bytes.prefix(max(0, count)).prefix { $0 != 10 }, as: UTF8.self)
        }
    }
#endif
