import Glibc
import TapCore

@testable import TapDoctor
@testable import TapDriver

/// A folder that stands for a machine's root, and calls that answer what a test says. Goes away with its value.
final class FakeMachine {
    let root: String
    var calls: SystemCalls
    var gpio = GPIOInventory()
    var libraries = Libraries(gpiod: GpiodLibrary(version: "2.2.1", hasUAPI2: true), iioVersion: "0.26")
    private var made: [String] = []

    /// A Raspberry Pi 4 with nothing wrong; each test takes something away.
    init() {
        var template = Array("/tmp/tap-machine-XXXXXX".utf8CString)
        guard let path = unsafe mkdtemp(&template) else { preconditionFailure("no folder could be made in /tmp") }
        root = unsafe String(cString: path)
        calls = .obliging
        write("/proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4\0")
        write("/proc/device-tree/compatible", "raspberrypi,4-model-b\0brcm,bcm2711\0")
        write("/proc/self/status", "Name:\ttap\nVmSize:\t   20480 kB\nCapEff:\t0000000000000000\n")
        write("/proc/self/mountinfo", "24 1 179:2 / / rw,noatime shared:1 - ext4 /dev/root rw\n")
        write("/proc/sys/kernel/random/boot_id", "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0\n")
        write("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\npi:x:1000:1000:,,,:/home/pi:/bin/bash\n")
        write("/etc/group", "root:x:0:\ngpio:x:986:pi\n")
        write("/sys/kernel/realtime", "1\n")
        write("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance\n")
        write("/sys/devices/system/cpu/cpu1/cpufreq/scaling_governor", "performance\n")
        write("/sys/class/rtc/rtc0/name", "rtc-ds1307 1-0068\n")
        write("/sys/class/rtc/rtc0/since_epoch", "1767225600\n")
        write("/sys/bus/iio/devices/iio:device0/name", "ads1015\n")
        write("/sys/bus/iio/devices/iio:device0/buffer/enable", "0\n")
        disk("179:2", at: "devices/platform/fe340000.mmc/mmc_host/mmc0/mmc0:0001/block/mmcblk0", partition: "mmcblk0p2")
        write("/sys/devices/platform/fe340000.mmc/mmc_host/mmc0/mmc0:0001/block/mmcblk0/device/type", "MMC\n")
        gpio = GPIOInventory(chips: [
            GPIOChip(name: "gpiochip0", label: "pinctrl-bcm2711", lines: Array(repeating: GPIOLine(), count: 58))
        ])
        link(
            "/sys/bus/gpio/devices/gpiochip0", "../../../devices/platform/soc/fe200000.gpio/gpiochip0")
    }

    deinit {
        for path in made.reversed() { unsafe remove(root + path) }
        unsafe rmdir(root)
    }

    var machine: Machine {
        Machine(root: root, calls: calls, gpio: { [gpio] in gpio }, libraries: libraries)
    }

    /// The check of that name.
    func check(_ name: String, board: Board? = nil, storage: String = "/srv/tap") -> DoctorCheck? {
        Doctor(machine, board: board, storage: storage).examine().first { $0.check == name }
    }

    func write(_ path: String, _ text: String) {
        makeFolders(of: path)
        guard let file = unsafe fopen(root + path, "w") else { preconditionFailure("cannot write \(path)") }
        _ = unsafe fwrite(text, 1, text.utf8.count, file)
        unsafe fclose(file)
        made.append(path)
    }

    func link(_ path: String, _ target: String) {
        makeFolders(of: path)
        _ = unsafe symlink(target, root + path)
        made.append(path)
    }

    /// A file or a folder with all below it.
    func take(_ path: String) {
        for made in made.reversed() where made == path || made.hasPrefix(path + "/") { unsafe remove(root + made) }
        made.removeAll { $0 == path || $0.hasPrefix(path + "/") }
    }

    /// A disk in /sys with a partition whose device number is given.
    func disk(_ number: String, at folder: String, partition: String) {
        write("/sys/\(folder)/\(partition)/partition", "2\n")
        link("/sys/dev/block/\(number)", "../../\(folder)/\(partition)")
    }

    private func makeFolders(of path: String) {
        var folder = ""
        for part in path.split(separator: "/").dropLast() {
            folder += "/\(part)"
            if unsafe mkdir(root + folder, 0o755) == 0 { made.append(folder) }
        }
    }
}

extension SystemCalls {
    /// The user pi of a machine that permits everything.
    static var obliging: SystemCalls {
        SystemCalls(
            kernel: { KernelName(release: "6.12.34", version: "#1 SMP PREEMPT_RT", processor: "aarch64") },
            user: { User(id: 1000, groups: [1000, 986]) },
            owner: { _ throws(Errno) in Owner(permissions: 0o660, user: 0, group: 986) },
            access: { _, _ throws(Errno) in },
            space: { _ throws(Errno) in
                Space(free_bytes: 20 << 30, total_bytes: 29 << 30, isReadOnly: false)
            },
            realPath: { path throws(Errno) in path },
            lockedMemoryLimit_bytes: { nil },
            realTimePriorityLimit: { 99 },
            tryFIFO: { _ throws(Errno) in },
            timerResolution: { Nanoseconds(1) },
            kernelClock: { () throws(Errno) in
                KernelClock(isSynchronised: true, maximumError: .microseconds(12_345))
            },
            setFIFO: { _ throws(Errno) in },
            setAffinity: { _ throws(Errno) in },
            lockMemory: { () throws(Errno) in })
    }
}
