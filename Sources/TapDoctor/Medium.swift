import TapCore
import TapDriver

/// What a directory lies on.
struct Medium: Hashable {
    enum Kind: Hashable {
        case sdCard, eMMC, solidState, rotating, virtualDisk, usb, memory, overlay, network, unknown
    }

    var kind: Kind
    /// As "ext4".
    var fileSystem: String
    /// The disk, as "mmcblk0"; empty for none.
    var disk: String
    /// Of the disk in /sys/devices; empty for none.
    var folder = ""

    var found: String {
        let word =
            switch kind {
            case .sdCard: "SD card"
            case .eMMC: "eMMC"
            case .solidState: "solid state"
            case .rotating: "rotating disk"
            case .virtualDisk: "virtual disk"
            case .usb: "USB"
            case .memory: "memory"
            case .overlay: "overlay"
            case .network: "elsewhere"
            case .unknown: "kind not known"
            }
        return disk.isEmpty ? "\(fileSystem) (\(word))" : "\(fileSystem) on \(disk) (\(word))"
    }

    /// Why recordings should not be there; nil: they may.
    var objection: (verdict: DoctorCheck.Verdict, why: String, remedy: String)? {
        let elsewhere = "name a directory of an SSD or eMMC with --storage"
        return switch kind {
        case .eMMC, .solidState, .rotating, .virtualDisk: nil
        case .sdCard:
            (
                .degraded,
                "it wears out by constant writing, stalls for 300 ms and more, and a power cut can damage what "
                    + "was written before", elsewhere
            )
        case .usb: (.degraded, "a stick wears out by constant writing, and can be pulled out", elsewhere)
        case .memory: (.degraded, "captures there are lost when the power fails", elsewhere)
        case .overlay:
            (
                .degraded, "what is written on top of a read-only root or in a container may be gone after a restart",
                "name a directory of a real volume with --storage"
            )
        case .network:
            (
                .degraded, "when the network or host fails, the capture of that failure is lost",
                "name a local disk with --storage"
            )
        case .unknown:
            (
                .unknown, "its disk cannot be found in /sys",
                "check what it is (findmnt, lsblk) and whether it is reliable"
            )
        }
    }
}

extension Medium {
    /// - Parameter path: absolute and canonical.
    init(of path: String, _ machine: Machine) {
        guard let mount = Mount(of: path, machine) else {
            self.init(kind: .unknown, fileSystem: "no mount", disk: "")
            return
        }
        let kinds: [String: Kind] = [
            "tmpfs": .memory, "ramfs": .memory, "rootfs": .memory, "overlay": .overlay, "aufs": .overlay,
            "nfs": .network, "nfs4": .network, "cifs": .network, "smb3": .network, "9p": .network,
            "virtiofs": .network, "hostfs": .network, "fuse.sshfs": .network,
        ]
        if let kind = kinds[mount.fileSystem] {
            self.init(kind: kind, fileSystem: mount.fileSystem, disk: "")
            return
        }
        let node = "/sys/dev/block/\(mount.device)"
        // btrfs and zfs show a device number of their own; their source names the disk.
        let named = "/sys/class/block/\(mount.source.split(separator: "/").last ?? "")"
        let disk = Medium.disk(node, machine) ?? (mount.source.hasPrefix("/dev/") ? Medium.disk(named, machine) : nil)
        guard let disk else {
            self.init(kind: .unknown, fileSystem: mount.fileSystem, disk: "")
            return
        }
        self.init(
            kind: Medium.kind(ofDisk: disk, machine), fileSystem: mount.fileSystem,
            disk: String(disk.split(separator: "/").last ?? ""), folder: disk)
    }

    /// The folder in /sys/devices of the disk behind a block device, which may be a partition or lie on others
    /// (LVM, encryption: the first of them).
    private static func disk(_ node: String, _ machine: Machine, depth: Int = 0) -> String? {
        // As "../../devices/platform/.../block/mmcblk0/mmcblk0p2".
        guard depth < 8, let target = machine.linkTarget(node), target.hasPrefix("../../") else { return nil }
        var path = "/sys/" + target.dropFirst(6)
        if machine.exists("\(path)/partition"), let slash = path.lastIndex(of: "/") { path = String(path[..<slash]) }
        guard let below = machine.names("\(path)/slaves").first else { return path }
        return disk("/sys/class/block/\(below)", machine, depth: depth + 1) ?? path
    }

    private static func kind(ofDisk path: String, _ machine: Machine) -> Kind {
        let name = path.split(separator: "/").last ?? ""
        if name.hasPrefix("mmcblk") {
            switch machine.text("\(path)/device/type") {
            case "SD": return .sdCard
            case "MMC": return .eMMC
            default: return .unknown
            }
        }
        if name.hasPrefix("zram") || name.hasPrefix("ram") { return .memory }
        if name.hasPrefix("nvme") { return .solidState }
        if path.contains("/virtio") || name.hasPrefix("vd") || name.hasPrefix("xvd") { return .virtualDisk }
        let isRotating = machine.text("\(path)/queue/rotational")
        if path.contains("/usb"), isRotating != "0" || machine.text("\(path)/removable") == "1" { return .usb }
        return isRotating == "0" ? .solidState : isRotating == "1" ? .rotating : .unknown
    }
}

/// A line of /proc/self/mountinfo (proc_pid_mountinfo(5)).
private struct Mount {
    /// As "179:2".
    var device: Substring
    var fileSystem: String
    var source: Substring

    /// The mount that a path lies on: of the longest mount points the last, which hides the others.
    init?(of path: String, _ machine: Machine) {
        var best: (length: Int, mount: [Substring], rest: [Substring])?
        for line in machine.lines("/proc/self/mountinfo", atMost: 1 << 20) {
            let words = line.split(separator: " ")
            guard words.count > 6, let dash = words.firstIndex(of: "-"), dash + 2 < words.count else { continue }
            let point = Mount.unescaped(words[4])
            guard point == "/" || path == point || path.hasPrefix(point + "/") else { continue }
            guard point.utf8.count >= best?.length ?? 0 else { continue }
            best = (point.utf8.count, words, Array(words[(dash + 1)...]))
        }
        guard let best else { return nil }
        device = best.mount[2]
        fileSystem = String(best.rest[0])
        source = best.rest[1]
    }

    /// The kernel writes a space as "\040", and likewise tab, newline and backslash.
    private static func unescaped(_ text: Substring) -> String {
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3,
                let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                result.append(code)
                rest = rest.dropFirst(3)
            } else {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
