import Glibc

/// Who is at the other end of a control socket, as the kernel says (SO_PEERCRED in unix(7)): nobody can claim to be another.
public struct ControlUser: Sendable, Hashable {
    public var id: UInt32
    /// As the system's user database has it; the number where it has none.
    public var name: String

    /// Blocks as long as the user database does.
    public init(id: UInt32) {
        self.id = id
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var text = [CChar](repeating: 0, count: 4_096)
        let status = unsafe getpwuid_r(id, &entry, &text, text.count, &found)
        guard status == 0, let found = unsafe found, let name = unsafe found.pointee.pw_name else {
            self.name = "user \(id)"
            return
        }
        unsafe self.name = String(cString: name)
    }
}
