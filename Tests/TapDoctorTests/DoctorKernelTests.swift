import TapCore
import Testing

@testable import TapDoctor
@testable import TapDriver

@Suite
struct DoctorKernelTests {
    let fake = FakeMachine()

    private func preemption(_ version: String, user: UInt32 = 1000) -> DoctorCheck? {
        fake.take("/sys/kernel/realtime")
        fake.calls.kernel = { .init(release: "6.12.34", version: version, processor: "aarch64") }
        fake.calls.user = { .init(id: user, groups: []) }
        return fake.check("preemption")
    }

    @Test func `the preemption model is read where this kernel shows it`() {
        #expect(preemption("#1 SMP PREEMPT_RT Debian 6.12.34") == .fine("preemption", "PREEMPT_RT"))
        #expect(preemption("#1 SMP PREEMPT Debian 6.12.34") == .fine("preemption", "full"))
        #expect(preemption("#1 SMP Debian 6.12.34")?.found == "voluntary or none")
        fake.write("/boot/config-6.12.34", "CONFIG_HZ=250\nCONFIG_PREEMPT_VOLUNTARY=y\n")
        #expect(preemption("#1 SMP Debian 6.12.34")?.found == "voluntary")
        fake.write("/boot/config-6.12.34", "CONFIG_PREEMPT_NONE=y\n")
        #expect(preemption("#1 SMP Debian 6.12.34")?.found == "none")
        fake.write("/sys/kernel/debug/sched/preempt", "none voluntary (full) lazy \n")
        #expect(preemption("#1 SMP PREEMPT_DYNAMIC") == .fine("preemption", "full"))
        fake.write("/sys/kernel/debug/sched/preempt", "none (voluntary) full lazy \n")
        #expect(preemption("#1 SMP PREEMPT_DYNAMIC")?.remedy == "boot with preempt=full on the kernel's command line")
        fake.write("/sys/kernel/debug/sched/preempt", "full (lazy) \n")
        #expect(preemption("#1 SMP PREEMPT_DYNAMIC")?.verdict == .degraded)
    }

    @Test func `a preemption model chosen at boot is unknown where debugfs is hidden, unless the command line says it`()
    {
        let check = preemption("#1 SMP PREEMPT_DYNAMIC")
        #expect(check?.verdict == .unknown)
        #expect(check?.why == "the active model is in debugfs, which only root reads")
        #expect(
            preemption("#1 SMP PREEMPT_DYNAMIC", user: 0)?.why
                == "the active model is in debugfs, which is not mounted")
        fake.write("/proc/cmdline", "root=/dev/sda1 preempt=full quiet\n")
        #expect(preemption("#1 SMP PREEMPT_DYNAMIC") == .fine("preemption", "full"))
    }

    @Test func `timers of 4 ms are degraded`() {
        fake.calls.timerResolution = { .milliseconds(4) }
        let check = fake.check("timers")
        #expect(check?.verdict == .degraded)
        #expect(check?.found == "resolution 4000 us")
    }

    @Test func `a limit of locked memory that is too small comes with the lines that lift it`() {
        fake.calls.lockedMemoryLimit_bytes = { 8 << 20 }
        #expect(
            fake.check("locked memory")
                == .degraded(
                    "locked memory", "up to 8.0 MiB only",
                    why:
                        "tap locks its memory and needs 276.0 MiB: a page that was swapped out comes late",
                    remedy: "in the service unit LimitMEMLOCK=infinity; for a login, log in again after\n"
                        + "echo 'pi - memlock unlimited' | sudo tee -a /etc/security/limits.d/tap.conf"))
        fake.calls.lockedMemoryLimit_bytes = { 1 << 30 }
        #expect(fake.check("locked memory") == .fine("locked memory", "up to 1.0 GiB"))
        fake.calls.lockedMemoryLimit_bytes = { 0 }
        fake.write("/proc/self/status", "CapEff:\t0000000000004000\n")
        #expect(fake.check("locked memory") == .fine("locked memory", "no limit (CAP_IPC_LOCK)"))
    }

    @Test func `real-time scheduling that is refused names the limit, the control group or the sandbox`() {
        fake.calls.tryFIFO = { _ throws(Errno) in throw .notPermitted }
        fake.calls.realTimePriorityLimit = { 0 }
        #expect(
            fake.check("real-time")
                == .degraded(
                    "real-time", "SCHED_FIFO 50 is refused (EPERM)",
                    why: "pi is not allowed: on a busy machine the reader can be delayed",
                    remedy: "in the service unit LimitRTPRIO=50; for a login, log in again after\n"
                        + "echo 'pi - rtprio 50' | sudo tee -a /etc/security/limits.d/tap.conf"))
        fake.calls.realTimePriorityLimit = { 10 }
        #expect(fake.check("real-time")?.why == "pi may only use priorities up to 10")
        fake.calls.realTimePriorityLimit = { 99 }
        #expect(
            fake.check("real-time")?.why
                == "the user is allowed, but the control group has no real-time budget (RT_GROUP_SCHED)")
        fake.calls.tryFIFO = { _ throws(Errno) in throw .invalid }
        #expect(fake.check("real-time")?.why == "the kernel answers EINVAL")
    }

    @Test func `a governor other than performance is degraded; none to be seen is unknown`() {
        fake.write("/sys/devices/system/cpu/cpu1/cpufreq/scaling_governor", "ondemand\n")
        let check = fake.check("cpu governor")
        #expect(check?.verdict == .degraded)
        #expect(check?.found == "performance, ondemand")
        fake.take("/sys/devices/system/cpu")
        #expect(fake.check("cpu governor")?.verdict == .unknown)
    }

    @Test func `an unsynchronised clock is degraded, a kernel that does not answer unknown`() {
        fake.calls.kernelClock = { () throws(Errno) in KernelClock(isSynchronised: false, maximumError: .zero) }
        #expect(fake.check("time sync")?.verdict == .degraded)
        fake.calls.kernelClock = { () throws(Errno) in KernelClock(isSynchronised: true, maximumError: .zero) }
        #expect(fake.check("time sync") == .fine("time sync", "synchronised (no error bound reported)"))
        fake.calls.kernelClock = { () throws(Errno) in throw .notPermitted }
        #expect(fake.check("time sync")?.verdict == .unknown)
        #expect(fake.check("time sync")?.why == "the kernel was asked (adjtimex) and answered EPERM")
    }

    @Test func `a battery clock is missing, empty, or of a kind whose battery nobody sees`() {
        fake.write("/sys/class/rtc/rtc0/since_epoch", "86400\n")
        fake.write("/sys/class/rtc/rtc0/date", "1970-01-02\n")
        #expect(fake.check("battery clock")?.found == "rtc0, rtc-ds1307 1-0068, 1970-01-02")
        #expect(fake.check("battery clock")?.verdict == .degraded)
        fake.write("/sys/class/rtc/rtc0/since_epoch", "1767225600\n")
        fake.write("/sys/class/rtc/rtc0/name", "rpi_rtc soc:rpi_rtc\n")
        #expect(fake.check("battery clock")?.verdict == .unknown)
        fake.take("/sys/class/rtc/rtc0/since_epoch")
        #expect(fake.check("battery clock")?.verdict == .degraded)
        fake.take("/sys/class/rtc")
        #expect(
            fake.check("battery clock")?.why == "after a power cut the date is wrong until the network gives it")
    }

    @Test func `the machine's name comes from the device tree, else from DMI, else it is unknown`() {
        fake.take("/proc/device-tree")
        #expect(fake.check("machine")?.verdict == .unknown)
        fake.write("/sys/class/dmi/id/sys_vendor", "Example\n")
        fake.write("/sys/class/dmi/id/product_name", "Box 3000\n")
        #expect(fake.check("machine") == .fine("machine", "Example Box 3000"))
    }
}
