public import TapCore

/// On what a session runs, for its start entry.
public struct StoreMachine: Sendable {
    public var boot: BootID
    /// nil: the machine has none.
    public var machine: BootID?
    /// SHA-256 of the program; empty: not known.
    public var program: [UInt8]

    public init(boot: BootID, machine: BootID?, program: [UInt8]) {
        self.boot = boot
        self.machine = machine
        self.program = program
    }

    /// This boot of this machine, and this program. Reads the program's file.
    public static var current: StoreMachine {
        func id(_ path: String) -> BootID? {
            guard let bytes = try? SystemFile.bytes(path, atMost: 64) else { return nil }
            return BootID(String(decoding: bytes, as: UTF8.self))
        }
        let program = (try? SystemDisk("/proc/self").contents("exe")).map { Digest.of($0).bytes }
        return StoreMachine(
            boot: id("/proc/sys/kernel/random/boot_id") ?? BootID(high: 0, low: 0), machine: id("/etc/machine-id"),
            program: program ?? [])
    }
}
