import Glibc

/// A simulated GPIO chip of the kernel (gpio-sim), made through configfs. Goes away with the object.
final class GpioSim {
    struct Failure: Error, CustomStringConvertible { var description: String }

    /// A line that the kernel itself holds.
    struct Hog {
        var name: String
        var direction: String
    }

    static let root = "/sys/kernel/config/gpio-sim"
    static var isHere: Bool { unsafe access(root, W_OK) == 0 }
    /// A capable machine: being skipped there is a failure.
    static var isDemanded: Bool { unsafe getenv("TAP_HIL") != nil }

    let label: String
    private let folder: String
    private let lines: Int
    private let named: [Int]
    private let hogged: [Int]
    private var device = ""
    private(set) var chip = ""

    /// - Parameter labelled: the chip's label, if another than its name in configfs.
    init(
        _ name: String, labelled label: String? = nil, lines: Int, names: [Int: String] = [:], hogs: [Int: Hog] = [:]
    ) throws {
        let label = label ?? name
        self.label = label
        self.lines = lines
        folder = "\(GpioSim.root)/\(name)"
        hogged = hogs.keys.sorted()
        named = Set(names.keys).union(hogs.keys).sorted()
        try GpioSim.make(folder)
        try GpioSim.make("\(folder)/bank")
        try GpioSim.write("\(folder)/bank/num_lines", "\(lines)")
        try GpioSim.write("\(folder)/bank/label", label)
        for line in named { try GpioSim.make("\(folder)/bank/line\(line)") }
        for (line, name) in names { try GpioSim.write("\(folder)/bank/line\(line)/name", name) }
        for (line, hog) in hogs {
            try GpioSim.make("\(folder)/bank/line\(line)/hog")
            try GpioSim.write("\(folder)/bank/line\(line)/hog/name", hog.name)
            try GpioSim.write("\(folder)/bank/line\(line)/hog/direction", hog.direction)
        }
        try plugIn()
    }

    deinit {
        try? unplug()
        for line in hogged { unsafe rmdir("\(folder)/bank/line\(line)/hog") }
        for line in named { unsafe rmdir("\(folder)/bank/line\(line)") }
        unsafe rmdir("\(folder)/bank")
        unsafe rmdir(folder)
    }

    func plugIn() throws {
        try GpioSim.write("\(folder)/live", "1")
        device = try GpioSim.read("\(folder)/dev_name")
        chip = try GpioSim.read("\(folder)/bank/chip_name")
    }

    func unplug() throws { try GpioSim.write("\(folder)/live", "0") }

    func pull(_ line: Int, up: Bool) throws {
        try GpioSim.write(
            "/sys/devices/platform/\(device)/\(chip)/sim_gpio\(line)/pull", up ? "pull-up" : "pull-down")
    }

    func value(_ line: Int) throws -> Bool {
        try GpioSim.read("/sys/devices/platform/\(device)/\(chip)/sim_gpio\(line)/value") == "1"
    }

    /// Pulls, and waits until the kernel has had the interrupt, and its thread the time to read the level: that comes
    /// after the count has risen, and an edge whose level has changed again by then is given the wrong direction.
    func pullAndWait(_ line: Int, up: Bool, consumer: String = "tap") throws {
        let before = try GpioSim.interrupts(line, consumer)
        try pull(line, up: up)
        for _ in 0..<100 {
            pause(microseconds: 1_000)
            guard try GpioSim.interrupts(line, consumer) != before else { continue }
            pause(microseconds: 1_000)
            return
        }
        throw Failure(description: "no interrupt of line \(line) within 100 ms")
    }

    /// How many interrupts a line has had since it was requested with edges: "64: 12 irq_sim 3 CONSUMER".
    static func interrupts(_ line: Int, _ consumer: String) throws -> Int {
        for row in try read("/proc/interrupts").split(separator: "\n") {
            let words = row.split(separator: " ")
            if words.count >= 5, words[2] == "irq_sim", words[3] == "\(line)", words[4] == consumer {
                return Int(words[1]) ?? 0
            }
        }
        throw Failure(description: "line \(line) has no interrupt of consumer '\(consumer)'")
    }

    static func make(_ path: String) throws {
        guard unsafe mkdir(path, 0o755) == 0 else { throw Failure(description: "mkdir \(path): errno \(errno)") }
    }

    static func write(_ path: String, _ text: String) throws {
        let file = unsafe open(path, O_WRONLY)
        guard file >= 0 else { throw Failure(description: "open \(path): errno \(errno)") }
        defer { close(file) }
        let bytes = Array(text.utf8)
        guard unsafe Glibc.write(file, bytes, bytes.count) == bytes.count else {
            throw Failure(description: "write '\(text)' to \(path): errno \(errno)")
        }
    }

    static func read(_ path: String) throws -> String {
        let file = unsafe open(path, O_RDONLY)
        guard file >= 0 else { throw Failure(description: "open \(path): errno \(errno)") }
        defer { close(file) }
        var all: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = unsafe Glibc.read(file, &bytes, bytes.count)
            guard count > 0 else { break }
            all += bytes[..<count]
        }
        while all.last == 10 { all.removeLast() }
        return String(decoding: all, as: UTF8.self)
    }
}

/// Lets time pass: virtual time jumps over it.
func pause(microseconds: Int) {
    var time = timespec(tv_sec: microseconds / 1_000_000, tv_nsec: microseconds % 1_000_000 * 1_000)
    unsafe nanosleep(&time, nil)
}
