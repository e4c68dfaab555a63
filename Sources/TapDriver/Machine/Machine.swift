import TapCore

/// A machine as `Doctor` looks at it: files below a root, system calls, and what the hardware libraries say.
///
/// A test gives a folder with a few files as the root, and its own calls.
public struct Machine: Sendable {
    /// In front of /proc, /sys, /dev, /etc, /boot and /usr; empty for this machine.
    package var root: String
    package var calls: SystemCalls
    package var gpio: @Sendable () -> GPIOInventory
    package var libraries: Libraries

    /// The machine that this runs on.
    public static let current = Machine(
        root: "", calls: .system, gpio: GPIOInventory.read, libraries: .loaded)

    /// - Returns: the text without white space and NULs at its end; nil where there is no such file or it may not be
    ///   read.
    package func text(_ path: String, atMost size: Int = 1 << 16) -> String? {
        guard var bytes = try? SystemFile.bytes(root + path, atMost: size) else { return nil }
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    package func lines(_ path: String, atMost size: Int = 1 << 18) -> [Substring] {
        text(path, atMost: size)?.split(separator: "\n") ?? []
    }

    package func number(_ path: String) -> Int? { text(path).flatMap { Int($0) } }

    package func names(_ directory: String, prefix: String = "") -> [String] {
        SystemFile.names(in: root + directory, prefix: prefix)
    }

    package func exists(_ path: String) -> Bool {
        do throws(Errno) {
            _ = try SystemFile.bytes(root + path, atMost: 0)
            return true
        } catch {
            // Not to be read, yet there.
            return error != .notFound && error != .notDirectory
        }
    }

    package func linkTarget(_ path: String) -> String? { SystemFile.linkTarget(root + path) }

    /// Texts that end with a NUL each, as the device tree has them.
    package func texts(_ path: String) -> [String] {
        text(path)?.split(separator: "\0").map(String.init) ?? []
    }

    /// A bit of /proc/self/status's CapEff (capabilities(7)).
    package func hasCapability(_ bit: Int) -> Bool {
        for line in lines("/proc/self/status") where line.hasPrefix("CapEff:") {
            let digits = line.dropFirst(7).drop { $0 == "\t" || $0 == " " }
            return (UInt64(digits, radix: 16) ?? 0) >> UInt64(bit) & 1 == 1
        }
        return false
    }

    package static let lockingCapability = 14
    package static let schedulingCapability = 23

    /// The user's name, or its number where /etc/passwd has none.
    package var userName: String {
        let id = calls.user().id
        return name(of: id, in: "/etc/passwd") ?? "\(id)"
    }

    package func groupName(_ id: UInt32) -> String? { name(of: id, in: "/etc/group") }

    package func hasGroup(named name: String) -> Bool {
        lines("/etc/group").contains { $0.hasPrefix("\(name):") }
    }

    private func name(of id: UInt32, in path: String) -> String? {
        for line in lines(path) {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            if fields.count > 2, fields[2] == "\(id)" { return String(fields[0]) }
        }
        return nil
    }
}

extension Machine {
    /// What the device tree says this machine is compatible with, most exact first; empty without a device tree.
    public var deviceTreeNames: [String] { texts("/proc/device-tree/compatible") }

    /// What the device tree or DMI calls it; empty if neither does.
    public var model: String {
        if let model = texts("/proc/device-tree/model").first { return model }
        guard let product = text("/sys/class/dmi/id/product_name"), !product.isEmpty else { return "" }
        let maker = text("/sys/class/dmi/id/sys_vendor") ?? ""
        return maker.isEmpty ? product : "\(maker) \(product)"
    }
}
