import CLinux
package import TapCore

/// What only system calls return about a machine; tests replace them.
///
/// Paths are absolute, without a machine's `root`. A call that fails gives the errno.
package struct SystemCalls: Sendable {
    /// Words of uname(2).
    package struct KernelName: Sendable, Hashable {
        package var release: String
        package var version: String
        package var processor: String
    }

    package struct Owner: Sendable, Hashable {
        /// The file mode's nine permission bits.
        package var permissions: UInt32
        package var user: UInt32
        package var group: UInt32
    }

    package struct Space: Sendable, Hashable {
        package var free_bytes: UInt64
        package var total_bytes: UInt64
        package var isReadOnly: Bool
    }

    package struct User: Sendable, Hashable {
        package var id: UInt32
        package var groups: [UInt32]
    }

    package var kernel: @Sendable () -> KernelName
    package var user: @Sendable () -> User
    package var owner: @Sendable (_ path: String) throws(Errno) -> Owner
    package var access: @Sendable (_ path: String, _ isWriting: Bool) throws(Errno) -> Void
    package var space: @Sendable (_ path: String) throws(Errno) -> Space
    package var realPath: @Sendable (_ path: String) throws(Errno) -> String
    /// RLIMIT_MEMLOCK; nil: no limit.
    package var lockedMemoryLimit_bytes: @Sendable () -> UInt64?
    /// RLIMIT_RTPRIO.
    package var realTimePriorityLimit: @Sendable () -> UInt64
    /// Whether a thread may have this priority of SCHED_FIFO: tried on a thread that ends at once.
    package var tryFIFO: @Sendable (_ priority: Int) throws(Errno) -> Void
    package var timerResolution: @Sendable () -> Nanoseconds
    package var kernelClock: @Sendable () throws(Errno) -> KernelClock

    // These change the calling thread or its process.
    package var setFIFO: @Sendable (_ priority: Int) throws(Errno) -> Void
    package var setAffinity: @Sendable (_ cpus: [Int]) throws(Errno) -> Void
    /// Also touches the pages of the calling thread's stack.
    package var lockMemory: @Sendable () throws(Errno) -> Void
}

extension SystemCalls {
    /// Sound: each C function fills what it is given within the size it is given, and keeps no pointer.
    package static let system = SystemCalls(
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
        owner: { path throws(Errno) in
            var owner = tap_file_owner()
            try Errno.check(unsafe tap_file_owner(path, &owner))
            return Owner(permissions: owner.mode & 0o777, user: owner.user, group: owner.group)
        },
        access: { path, isWriting throws(Errno) in
            try Errno.check(unsafe tap_file_access(path, isWriting))
        },
        space: { path throws(Errno) in
            var space = tap_space()
            try Errno.check(unsafe tap_space(path, &space))
            return Space(
                free_bytes: space.free_bytes, total_bytes: space.total_bytes, isReadOnly: space.read_only)
        },
        realPath: { path throws(Errno) in
            var bytes = [UInt8](repeating: 0, count: 4096)
            let length = try Errno.check(unsafe tap_real_path(path, &bytes, Int32(bytes.count)))
            return String(decoding: bytes[..<length], as: UTF8.self)
        },
        lockedMemoryLimit_bytes: {
            let limit = tap_limit_locked_memory()
            return limit == .max ? nil : limit
        },
        realTimePriorityLimit: { tap_limit_real_time() },
        tryFIFO: { priority throws(Errno) in try Errno.check(tap_try_fifo(Int32(priority))) },
        timerResolution: { Nanoseconds(Int64(tap_timer_resolution_ns())) },
        kernelClock: KernelClock.read,
        setFIFO: { priority throws(Errno) in
            guard let priority = Int32(exactly: priority) else { throw .invalid }
            try Errno.check(tap_fifo(priority))
        },
        setAffinity: { cpus throws(Errno) in
            let numbers = cpus.map { Int32(exactly: $0) ?? -1 }
            try Errno.check(unsafe tap_affinity(numbers, Int32(numbers.count)))
        },
        lockMemory: { () throws(Errno) in
            try Errno.check(tap_lock_memory())
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
    package static func read() throws(Errno) -> KernelClock {
        var clock = tap_kernel_clock()
        try Errno.check(unsafe tap_kernel_clock(&clock))
        return KernelClock(
            isSynchronised: clock.synchronised, maximumError: .microseconds(clock.maximum_error_us))
    }
}
