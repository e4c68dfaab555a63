import TapCore

/// Checkpoints that stay when newer ones replace `checkpoint`: signed notes below `checkpoints/`.
///
/// What cannot be kept because the medium fails is left out: the log is what counts.
struct KeptCheckpoints {
    static let directory = "checkpoints"
    /// Of those that were noted elsewhere.
    static let mostSeen = 1_024

    private let disk: any Disk
    /// Numbers of pins that have one.
    private var pins: Set<UInt64> = []

    init(on disk: any Disk) {
        self.disk = disk
        for name in KeptCheckpoints.names(on: disk) {
            if let pin = KeptCheckpoints.number(name, "pin-") { pins.insert(pin) }
        }
    }

    static func names(on disk: any Disk) -> [String] { (try? disk.names(in: directory)) ?? [] }

    private static func number(_ name: String, _ kind: String) -> UInt64? {
        name.hasPrefix(kind) ? UInt64(name.dropFirst(kind.utf8.count)) : nil
    }

    /// What a cut left.
    func removeUnfinished() {
        for name in KeptCheckpoints.names(on: disk) where name.hasSuffix(".new") { remove(name) }
    }

    private func remove(_ name: String) { try? disk.removeIfThere("\(KeptCheckpoints.directory)/\(name)") }

    @discardableResult
    private static func write(_ name: String, _ note: SignedNote, on disk: any Disk) -> Bool {
        do throws(DiskError) {
            try disk.makeDirectory(directory)
            try disk.replace("\(directory)/\(name)", with: note.serialised)
            return true
        } catch {
            try? disk.removeIfThere("\(directory)/\(name).new")
            return false
        }
    }

    /// The last of an epoch. Of older epochs fewer stay: of the newest 128 all, then one of 16, of 256 and so on.
    func endEpoch(_ epoch: UInt64, _ note: SignedNote) {
        KeptCheckpoints.write("epoch-\(epoch)", note, on: disk)
        var seen: [UInt64] = []
        for name in KeptCheckpoints.names(on: disk) {
            if let size = KeptCheckpoints.number(name, "seen-") { seen.append(size) }
            guard let old = KeptCheckpoints.number(name, "epoch-"), old < epoch else { continue }
            var (age, step) = ((epoch - old) / 128, UInt64(1))
            while age > 0 { (age, step) = (age / 16, step * 16) }
            if !old.isMultiple(of: step) { remove(name) }
        }
        for size in seen.sorted().dropLast(KeptCheckpoints.mostSeen) { remove("seen-\(size)") }
    }

    /// The first that covers a pin stays as long as the pin does.
    mutating func keep(_ pins: [PinEntry], _ note: SignedNote) {
        let numbers = Set(pins.map(\.number))
        for number in self.pins.subtracting(numbers).sorted() {
            remove("pin-\(number)")
            self.pins.remove(number)
        }
        for number in numbers.subtracting(self.pins).sorted()
        where KeptCheckpoints.write("pin-\(number)", note, on: disk) {
            self.pins.insert(number)
        }
    }

    /// One that is noted elsewhere.
    static func seen(_ note: SignedNote, on disk: any Disk) {
        guard let checkpoint = try? Checkpoint(parsing: note.text) else { return }
        let name = "seen-\(checkpoint.size)"
        if !names(on: disk).contains(name) { write(name, note, on: disk) }
    }
}
