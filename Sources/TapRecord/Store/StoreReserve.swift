import TapCore

/// Room on the medium that is kept for the log: on a full medium it is given back, so that what is to be dropped can be
/// entered first. It is no part of the record.
struct StoreReserve {
    static let path = "reserve"

    private let disk: any Disk
    private let size: UInt64
    private var isKept = false

    init(_ size: UInt64, on disk: any Disk) { (self.disk, self.size) = (disk, size) }

    /// Makes it where it is not there and the medium has several times as much room. After an error a later call does.
    mutating func keep(free: UInt64) {
        guard !isKept, free / 4 >= size else { return }
        do throws(DiskError) {
            try disk.replace(StoreReserve.path, with: [UInt8](repeating: 0, count: Int(size)))
            isKept = true
        } catch { try? disk.removeIfThere(StoreReserve.path + ".new") }
    }

    mutating func giveBack() {
        guard isKept else { return }
        StoreReserve.remove(from: disk)
        isKept = false
    }

    /// What an earlier session kept.
    static func remove(from disk: any Disk) {
        for path in [path, path + ".new"] { try? disk.removeIfThere(path) }
        try? disk.syncDirectory("")
    }
}
