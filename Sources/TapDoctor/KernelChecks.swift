import TapCore
import TapDriver

extension Doctor {
    /// As (6, 12); nil where the release does not begin with two numbers.
    var kernelVersion: (Int, Int)? {
        let parts = machine.calls.kernel().release.split(whereSeparator: { !$0.isNumber }).prefix(2)
        guard parts.count == 2, let major = Int(parts[0]), let minor = Int(parts[1]) else { return nil }
        return (major, minor)
    }

    func kernelCheck() -> DoctorCheck {
        let kernel = machine.calls.kernel()
        let found = "Linux \(kernel.release) \(kernel.processor)"
        guard let version = kernelVersion else {
            return .unknown("kernel", found, why: "its version cannot be read from this name")
        }
        guard version >= (5, 10), kernel.processor != "armv6l" else {
            let needsUAPI2 = machine.libraries.gpiod?.hasUAPI2 ?? false
            return DoctorCheck(
                "kernel", needsUAPI2 && version < (5, 10) ? .broken : .degraded, found,
                why: version < (5, 10)
                    ? "GPIO uAPI v2 came with Linux 5.10" : "tap is tested on 64-bit ARM and x86 only",
                remedy: version < (5, 10) ? "use a newer kernel" : "use a 64-bit board")
        }
        return .fine("kernel", found)
    }

    func preemptionCheck() -> DoctorCheck {
        switch preemption() {
        case "rt": .fine("preemption", "PREEMPT_RT")
        case "full": .fine("preemption", "full")
        case "lazy":
            .degraded(
                "preemption", "lazy",
                why: "ordinary threads are interrupted at the tick at the latest; real-time ones at once",
                remedy: "let tap run at real-time priority (below), or boot with preempt=full")
        case let model?:
            .degraded(
                "preemption", model,
                why:
                    "under load the reader may wake some milliseconds late; timestamps stay exact, but the queue can overflow",
                remedy: model == "voluntary or none" || !isDynamic
                    ? "use a kernel built with CONFIG_PREEMPT or PREEMPT_RT (Debian: \(debianRealTimeKernel))"
                    : "boot with preempt=full on the kernel's command line")
        case nil where machine.calls.user().id == 0:
            .unknown(
                "preemption", "chosen at boot (PREEMPT_DYNAMIC)",
                why: "the active model is in debugfs, which is not mounted",
                remedy: "mount it and run tap doctor again\nmount -t debugfs debugfs /sys/kernel/debug")
        case nil:
            .unknown(
                "preemption", "chosen at boot (PREEMPT_DYNAMIC)",
                why: "the active model is in debugfs, which only root reads",
                remedy:
                    "check it yourself; the word in parentheses is the active one\nsudo cat /sys/kernel/debug/sched/preempt"
            )
        }
    }

    private var debianRealTimeKernel: String {
        "linux-image-rt-\(machine.calls.kernel().processor == "x86_64" ? "amd64" : "arm64")"
    }

    private var isDynamic: Bool { machine.calls.kernel().version.contains("PREEMPT_DYNAMIC") }

    /// "rt", "full", "lazy", "voluntary", "none", or what is left over; nil: chosen at boot and not to be seen.
    private func preemption() -> String? {
        let version = machine.calls.kernel().version
        if machine.text("/sys/kernel/realtime") == "1" || version.contains("PREEMPT_RT") { return "rt" }
        // As "none voluntary (full) lazy".
        if let models = machine.text("/sys/kernel/debug/sched/preempt"), let open = models.firstIndex(of: "(") {
            return String(models[models.index(after: open)...].prefix { $0 != ")" })
        }
        if isDynamic {
            let words = (machine.text("/proc/cmdline") ?? "").split(separator: " ")
            return words.last { $0.hasPrefix("preempt=") }.map { String($0.dropFirst(8)) }
        }
        let config = machine.lines("/boot/config-\(machine.calls.kernel().release)", atMost: 1 << 20)
        if config.contains("CONFIG_PREEMPT_LAZY=y") { return "lazy" }
        if version.split(separator: " ").contains("PREEMPT") { return "full" }
        if config.contains("CONFIG_PREEMPT_NONE=y") { return "none" }
        if config.contains("CONFIG_PREEMPT_VOLUNTARY=y") { return "voluntary" }
        return "voluntary or none"
    }

    func timerCheck() -> DoctorCheck {
        let resolution = machine.calls.timerResolution()
        guard resolution > .microseconds(1) else {
            return .fine("timers", "resolution \(resolution.count) ns")
        }
        return .degraded(
            "timers", "resolution \(resolution.count / 1000) us",
            why: "high-resolution timers are off: polled channels and ticks are late by up to this",
            remedy: "use a kernel with CONFIG_HIGH_RES_TIMERS, without highres=off")
    }

    func lockedMemoryCheck() -> DoctorCheck {
        let may = MemoryLocking.permission(machine)
        switch may {
        case .free(let why): return .fine("locked memory", why)
        case .room(let limit): return .fine("locked memory", "up to \(ByteSize(limit))")
        case .tooSmall(let limit, let wanted):
            return .degraded(
                "locked memory", "up to \(ByteSize(limit)) only",
                why:
                    "tap locks its memory and needs \(ByteSize(wanted)): a page that was swapped out comes "
                    + "late",
                remedy: "in the service unit LimitMEMLOCK=infinity; for a login, log in again after\n"
                    + LimitsFile.line(machine.userName, "memlock", "unlimited"))
        }
    }

    func realTimeCheck() -> DoctorCheck {
        let priority = 50
        do throws(Errno) { try machine.calls.tryFIFO(priority) } catch {
            let limit = machine.calls.realTimePriorityLimit()
            let isPrivileged = machine.hasCapability(Machine.schedulingCapability) || limit >= UInt64(priority)
            let (why, remedy) =
                if error == .notPermitted, isPrivileged {
                    (
                        "the user is allowed, but the control group has no real-time budget (RT_GROUP_SCHED)",
                        "run tap in the root control group, or give this one a cpu.rt_runtime_us"
                    )
                } else if error == .notPermitted {
                    (
                        limit == 0
                            ? "\(machine.userName) is not allowed: on a busy machine the reader can be delayed"
                            : "\(machine.userName) may only use priorities up to \(limit)",
                        "in the service unit LimitRTPRIO=\(priority); for a login, log in again after\n"
                            + LimitsFile.line(machine.userName, "rtprio", "\(priority)")
                    )
                } else {
                    (
                        "the kernel answers \(error.name)",
                        "a sandbox may filter it: in a service unit see RestrictRealtime="
                    )
                }
            return .degraded("real-time", "SCHED_FIFO \(priority) is refused (\(error.name))", why: why, remedy: remedy)
        }
        return .fine("real-time", "SCHED_FIFO \(priority) is permitted")
    }

    func governorCheck() -> DoctorCheck {
        let directory = "/sys/devices/system/cpu"
        var governors: [String] = []
        for cpu in machine.names(directory, prefix: "cpu") where cpu.dropFirst(3).allSatisfy(\.isNumber) {
            guard let governor = machine.text("\(directory)/\(cpu)/cpufreq/scaling_governor") else { continue }
            if !governors.contains(governor) { governors.append(governor) }
        }
        guard !governors.isEmpty else {
            return .unknown(
                "cpu governor", "none to be seen",
                why:
                    "no cpufreq: the clock is fixed, or something below this kernel sets it (virtual machine, firmware)",
                remedy: "look at the settings of the host or firmware")
        }
        let found = governors.joined(separator: ", ")
        guard governors != ["performance"] else { return .fine("cpu governor", found) }
        return .degraded(
            "cpu governor", found, why: "the clock is low when an edge wakes the reader, so it is read later",
            remedy: "set it at each boot (a service unit, or cpufreq.default_governor=performance)\n"
                + "echo performance | sudo tee \(directory)/cpu*/cpufreq/scaling_governor")
    }
}
