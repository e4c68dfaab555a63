import CLinux
import TapCore

/// What only system calls return about a machine; tests replace them.
///
/// Paths are absolute, without a machine's `root`. A call that fails gives the errno.
struct SystemCalls: Sendable {
    /// Words of uname(2).
    struct KernelName: Sendable, Hashable {
        var release: String
        var version: String
        var processor: String
    }

    struct Owner: Sendable, Hashable {
        /// The file mode's nine permission bits.
        var permissions: UInt32
        var user: UInt32
        var group: UInt32
    }

    struct Space: Sendable, Hashable {
        var free_bytes: UInt64
        var total_bytes: UInt64
        var isReadOnly: Bool
    }

    struct User: Sendable, Hashable {
        var id: UInt32
        var groups: [UInt32]
    }

    var kernel: @Sendable () -> KernelName
    var user: @Sendable () -> User
    var owner: @Sendable (_ path: String) throws(Refusal) -> Owner
    var access: @Sendable (_ path: String, _ isWriting: Bool) throws(Refusal) -> Void
    var space: @Sendable (_ path: String) throws(Refusal) -> Space
    var realPath: @Sendable (_ path: String) throws(Refusal) -> String
    /// RLIMIT_MEMLOCK; nil: no limit.
    var lockedMemoryLimit_bytes: @Sendable () -> UInt64?
    /// RLIMIT_RTPRIO.
    var realTimePriorityLimit: @Sendable () -> UInt64
    /// Whether a thread may have this priority of SCHED_FIFO: tried on a thread that ends at once.
    var tryFIFO: @Sendable (_ priority: Int) throws(Refusal) -> Void
    var timerResolution: @Sendable () -> Nanoseconds
    var kernelClock: @Sendable () throws(Refusal) -> KernelClock

    // These change the calling thread or its process.
    var setFIFO: @Sendable (_ priority: Int) throws(Refusal) -> Void
    var setAffinity: @Sendable (_ cpus: [Int]) throws(Refusal) -> Void
    /// Also touches the pages of the calling thread's stack.
    var lockMemory: @Sendable () throws(Refusal) -> Void
}

/// A system call that did not do what was asked.
public struct Refusal: Error, Sendable, Hashable, CustomStringConvertible {
    public var errno: Int32

    public init(errno: Int32) { self.errno = errno }

    /// As "EPERM".
    public var description: String {
        let name = unsafe String(cString: tap_errno_name(errno))
        return name == "errno" ? "errno \(errno)" : name
    }

    static let notPermitted = Refusal(errno: 1)
    static let notFound = Refusal(errno: 2)
    static let denied = Refusal(errno: 13)
    static let noDevice = Refusal(errno: 19)
    static let invalid = Refusal(errno: 22)

    /// - Parameter status: 0 or above, or a negative errno.
    @discardableResult
    static func check(_ status: Int32) throws(Refusal) -> Int {
        guard status >= 0 else { throw Refusal(errno: -status) }
        return Int(status)
    }
}

extension SystemCalls {
    /// Sound: each C function fills what it is given within the size it is given, and keeps no pointer.
    static let system = SystemCalls(
        kernel: {
            var release = Name()
            var version = Name()
            var processor = Name()
            unsafe tap_kernel_name(&release.bytes, &version.bytes, &processor.bytes)
            return KernelName(release: release.text, version: version.text, processor: processor.text)
        },
        user: {
            var id: UInt32 = 0
            var groups = [UInt32](repeating: 0, count: 1025)
            let count = unsafe tap_user(&id, &groups, Int32(groups.count))
            return User(id: id, groups: Array(groups.prefix(max(0, Int(count)))))
        },
        owner: { path throws(Refusal) in
            var owner = tap_file_owner()
            try Refusal.check(unsafe tap_file_owner(path, &owner))
            return Owner(permissions: owner.mode & 0o777, user: owner.user, group: owner.group)
        },
        access: { path, isWriting throws(Refusal) in
            try Refusal.check(unsafe tap_file_access(path, isWriting))
        },
        space: { path throws(Refusal) in
            var space = tap_space()
            try Refusal.check(unsafe tap_space(path, &space))
            return Space(
                free_bytes: space.free_bytes, total_bytes: space.total_bytes, isReadOnly: space.read_only)
        },
        realPath: { path throws(Refusal) in
            var bytes = [UInt8](repeating: 0, count: 4096)
            let length = try Refusal.check(unsafe tap_real_path(path, &bytes, Int32(bytes.count)))
            return String(decoding: bytes[..<length], as: UTF8.self)
        },
        lockedMemoryLimit_bytes: {
            let limit = tap_limit_locked_memory()
            return limit == .max ? nil : limit
        },
        realTimePriorityLimit: { tap_limit_real_time() },
        tryFIFO: { priority throws(Refusal) in try Refusal.check(tap_try_fifo(Int32(priority))) },
        timerResolution: { Nanoseconds(Int64(tap_timer_resolution_ns())) },
        kernelClock: KernelClock.read,
        setFIFO: { priority throws(Refusal) in
            guard let priority = Int32(exactly: priority) else { throw .invalid }
            try Refusal.check(tap_fifo(priority))
        },
        setAffinity: { cpus throws(Refusal) in
            let numbers = cpus.map { Int32(exactly: $0) ?? -1 }
            try Refusal.check(unsafe tap_affinity(numbers, Int32(numbers.count)))
        },
        lockMemory: { () throws(Refusal) in
            try Refusal.check(tap_lock_memory())
            tap_prefault_stack()
        })

    /// A C string of at most 127 bytes.
    private struct Name {
        var bytes = [CChar](repeating: 0, count: 128)
        var text: String { String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) }
    }
}

extension KernelClock {
    /// adjtimex(2); may be refused where a sandbox filters system calls.
    static func read() throws(Refusal) -> KernelClock {
        var clock = tap_kernel_clock()
        try Refusal.check(unsafe tap_kernel_clock(&clock))
        return KernelClock(
            isSynchronised: clock.synchronised, maximumError: .microseconds(clock.maximum_error_us))
    }
}

/// Small files of /proc, /sys and /etc.
enum SystemFile {
    /// The first bytes of a file; nil where it cannot be read.
    ///
    /// Sound: the C functions fill at most the size they are given.
    static func bytes(_ path: String, atMost size: Int) throws(Refusal) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: size)
        let length = try Refusal.check(unsafe tap_read_file(path, &bytes, Int32(size)))
        return Array(bytes[..<length])
    }

    static func linkTarget(_ path: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let length = unsafe tap_read_link(path, &bytes, Int32(bytes.count))
        return length < 0 ? nil : String(decoding: bytes[..<Int(length)], as: UTF8.self)
    }

    /// Names that begin with `prefix`, in the order of their numbers, then of their letters.
    static func names(in directory: String, prefix: String = "") -> [String] {
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
