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
        var machine = here
        machine.program = (try? program()) ?? []
        return machine
    }

    /// The same without the program.
    static var here: StoreMachine {
        func id(_ path: String) -> BootID? {
            guard let bytes = try? SystemFile.bytes(path, atMost: 64) else { return nil }
            return BootID(String(decoding: bytes, as: UTF8.self))
        }
        return StoreMachine(
            boot: id("/proc/sys/kernel/random/boot_id") ?? BootID(high: 0, low: 0), machine: id("/etc/machine-id"),
            program: [])
    }

    /// In pieces: it is the largest thing that a recorder would ever hold.
    private static func program() throws(DiskError) -> [UInt8] {
        let file = try SystemDisk("/proc/self").openToRead("exe")
        var stream = DigestStream()
        var offset: UInt64 = 0
        while true {
            let piece = try file.read(at: offset, count: 1 << 16)
            guard !piece.isEmpty else { return stream.digest.bytes }
            stream.append(piece)
            offset += UInt64(piece.count)
        }
    }
}
