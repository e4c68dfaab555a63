import TapCore
import TapDriver

extension Doctor {
    func storageChecks() -> [DoctorCheck] {
        let path: String
        let space: SystemCalls.Space
        do throws(Errno) {
            path = try machine.calls.realPath(storage)
            space = try machine.calls.space(path)
        } catch {
            return [
                .broken(
                    "storage", "\(storage): \(error.name)",
                    why: error == .notFound ? "there is no such directory" : "it cannot be read",
                    remedy: "create it, or name another with --storage\n"
                        + "sudo install -d -o \(machine.userName) \(storage)")
            ]
        }
        return [kindCheck(path, space), spaceCheck(space)]
    }

    private func kindCheck(_ path: String, _ space: SystemCalls.Space) -> DoctorCheck {
        let medium = Medium(of: path, machine)
        let found = "\(path): \(medium.found)"
        if space.isReadOnly {
            return .broken(
                "storage", found, why: "it is mounted read-only", remedy: "name a writable directory with --storage")
        }
        do throws(Errno) { try machine.calls.access(path, true) } catch {
            return .broken(
                "storage", found, why: "\(machine.userName) may not write there (\(error.name))",
                remedy: "take ownership of it, or name another with --storage\nsudo chown \(machine.userName) \(path)")
        }
        guard let (verdict, why, remedy) = medium.objection else { return .fine("storage", found) }
        return DoctorCheck("storage", verdict, found, why: why, remedy: remedy)
    }

    private func spaceCheck(_ space: SystemCalls.Space) -> DoctorCheck {
        let found = "\(ByteSize(space.free_bytes)) free of \(ByteSize(space.total_bytes))"
        let remedy = "make room, or name another directory with --storage"
        switch space.free_bytes {
        case ..<(64 << 20):
            return .broken("storage space", found, why: "a capture would end within minutes", remedy: remedy)
        case ..<(1 << 30):
            // 16 bytes an edge.
            return .degraded(
                "storage space", found, why: "1 GiB holds 67 million edges: under two hours at 10,000 edges/s",
                remedy: remedy)
        default: return .fine("storage space", found)
        }
    }
}
