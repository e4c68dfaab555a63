import TapCore

/// Whether all memory can be locked, now and as it grows.
///
/// Under a limit that is too small mlockall(2) would refuse, or worse, grant it and let a later allocation fail. So
/// there has to be room for what a session adds, its threads' stacks above all.
package enum MemoryLocking: Hashable {
    /// No limit: why.
    case free(String)
    case room(limit: UInt64)
    case tooSmall(limit: UInt64, wanted: UInt64)

    package static let growth_bytes: UInt64 = 256 << 20

    package static func permission(_ machine: Machine) -> MemoryLocking {
        if machine.hasCapability(Machine.lockingCapability) { return .free("no limit (CAP_IPC_LOCK)") }
        guard let limit = machine.calls.lockedMemoryLimit_bytes() else { return .free("no limit") }
        // The kernel compares with the address space, not with what is in memory: "VmSize:   123456 kB".
        var size: UInt64 = 0
        for line in machine.lines("/proc/self/status") where line.hasPrefix("VmSize:") {
            size = (UInt64(line.filter(\.isNumber)) ?? 0) * 1024
        }
        let wanted = size + growth_bytes
        return limit >= wanted ? .room(limit: limit) : .tooSmall(limit: limit, wanted: wanted)
    }
}
