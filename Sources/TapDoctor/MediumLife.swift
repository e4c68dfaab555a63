import TapCore
public import TapDriver

/// What a medium says of its own life. Only an eMMC says something in /sys (JESD84-B51, 7.4: DEVICE_LIFE_TIME_EST and
/// PRE_EOL_INFO; Linux Documentation/driver-api/mmc/mmc-dev-attrs.rst); what SMART says is not there.
public struct MediumLife: Sendable, Hashable {
    public enum Reserve: String, Sendable {
        /// Of blocks that take the place of bad ones.
        case normal
        /// 80 % of them are used.
        case warning
        case urgent
    }

    /// As "ext4 on mmcblk0 (eMMC)".
    public var medium = ""
    /// Of the life by erase cycles, in per cent at most, of the memory that is worn most; 110: more than it was made for;
    /// nil: not known.
    public var usedAtMost: Int?
    public var reserve: Reserve?

    /// Of what a directory lies on. Reads some files of /sys.
    public init(of path: String, on machine: Machine = .current) {
        guard let real = try? machine.calls.realPath(path) else { return }
        let found = Medium(of: real, machine)
        medium = found.found
        guard !found.folder.isEmpty else { return }
        // As "0x01 0x02", for memory of types A and B: steps of 10 %; 0: not defined.
        let steps = (machine.text("\(found.folder)/device/life_time") ?? "").split(separator: " ").compactMap(
            MediumLife.hexadecimal)
        if let most = steps.filter({ (1...11).contains($0) }).max() { usedAtMost = most * 10 }
        switch machine.text("\(found.folder)/device/pre_eol_info").flatMap({ MediumLife.hexadecimal($0[...]) }) {
        case 1: reserve = .normal
        case 2: reserve = .warning
        case 3: reserve = .urgent
        default: break
        }
    }

    private static func hexadecimal(_ text: Substring) -> Int? {
        text.hasPrefix("0x") ? Int(text.dropFirst(2), radix: 16) : nil
    }
}
