import TapCore
import TapDriver

extension Doctor {
    func synchronisationCheck() -> DoctorCheck {
        let clock: KernelClock
        do throws(Errno) { clock = try machine.calls.kernelClock() } catch {
            return .unknown(
                "time sync", "not known", why: "the kernel was asked (adjtimex) and answered \(error.name)",
                remedy: "a sandbox may filter it: in a service unit see SystemCallFilter=")
        }
        guard clock.isSynchronised else {
            return .degraded(
                "time sync", "not synchronised",
                why: "times give the order of events on this machine, but cannot be compared with other clocks",
                remedy: "let one program set the clock, from a server of the plant if it has one\n"
                    + "sudo timedatectl set-ntp true")
        }
        let error_us = clock.maximumError.count / 1000
        // Zeroed by some daemons: then it says nothing.
        let bound =
            error_us == 0
            ? "no error bound reported" : "the kernel's bound: \(error_us / 1000).\(error_us / 100 % 10) ms"
        return .fine("time sync", "synchronised (\(bound))")
    }

    func batteryClockCheck() -> DoctorCheck {
        let remedy =
            "wire a clock with a battery, as a DS3231 module (Raspberry Pi: dtoverlay=i2c-rtc,ds3231)"
        guard let clock = machine.names("/sys/class/rtc", prefix: "rtc").first else {
            return .degraded(
                "battery clock", "none",
                why: "after a power cut the date is wrong until the network gives it", remedy: remedy)
        }
        let name = machine.text("/sys/class/rtc/\(clock)/name") ?? ""
        // "rtc-ds1307 1-0068": what matters to a person is the chip.
        let found = name.isEmpty ? clock : "\(clock), \(name)"
        guard let seconds = machine.number("/sys/class/rtc/\(clock)/since_epoch") else {
            return .degraded(
                "battery clock", found, why: "it cannot be read: its battery may be empty, or it was never set",
                remedy: "set it once, and check again after a power cut\nsudo hwclock --systohc")
        }
        // 2024-01-01: earlier than any tap.
        guard seconds >= 1_704_067_200 else {
            return .degraded(
                "battery clock",
                "\(found), \(machine.text("/sys/class/rtc/\(clock)/date") ?? "\(seconds) s after 1970")",
                why: "it shows a date long past: its battery is empty or missing, or it was never set",
                remedy: "set it once, and check again after a power cut\nsudo hwclock --systohc")
        }
        let isInProcessor = ["rpi_rtc", "omap_rtc", "snvs", "rtc-ti-k3", "stm32_rtc", "sun6i-rtc", "meson"].contains {
            name.contains($0)
        }
        guard !isInProcessor else {
            return .unknown(
                "battery clock", found,
                why: "it is a part of the processor; whether a battery is plugged in cannot be checked",
                remedy: "look at the board's battery connector, or at the date after a power cut without network")
        }
        return .fine("battery clock", found)
    }
}
