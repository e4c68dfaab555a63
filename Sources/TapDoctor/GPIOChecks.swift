import TapCore
import TapDriver

extension Doctor {
    func gpioChecks(_ gpio: GPIOInventory) -> [DoctorCheck] {
        // Without a chip there is nobody whose clock and queue they would be.
        guard !gpio.chips.isEmpty || !gpio.refused.isEmpty else { return [chipsCheck(gpio), libraryCheck()] }
        return [
            chipsCheck(gpio), accessCheck(gpio), libraryCheck(), eventClockCheck(gpio), queueCheck(),
            shortestPulseCheck(),
        ]
    }

    private func chipsCheck(_ gpio: GPIOInventory) -> DoctorCheck {
        let total = gpio.chips.count + gpio.refused.count
        if total > 0 {
            let lines = gpio.chips.reduce(0) { $0 + $1.lines.count }
            let emulated = gpio.chips.filter(isEmulated)
            let names = gpio.chips.map { chip in
                "\(chip.label) (\(chip.lines.count)\(emulated.contains(chip) ? ", emulated" : ""))"
            }
            let found =
                gpio.chips.isEmpty
                ? counted(total, "chip")
                : "\(counted(total, "chip")), \(counted(lines, "line")): \(names.joined(separator: ", "))"
            guard emulated.count == total, board?.provenance != .emulatedKernel else {
                return .fine("gpio chips", found)
            }
            return .degraded(
                "gpio chips", found, why: "they are simulated by the kernel (gpio-sim), without wires",
                remedy: "nothing, if that is intended; otherwise load the driver of a real chip")
        }
        if let board, board.chips.isEmpty || isSimulated {
            return .fine("gpio chips", "none; the board \(board.name) needs none")
        }
        guard machine.libraries.gpiod != nil else {
            return .unknown("gpio chips", "not checked", why: "this tap was built without libgpiod")
        }
        let hidden = machine.names("/sys/bus/gpio/devices", prefix: "gpiochip")
        let (why, remedy) =
            if !hidden.isEmpty {
                (
                    "the kernel has \(counted(hidden.count, "chip")), but /dev shows none: this is a container, or the "
                        + "kernel was built without CONFIG_GPIO_CDEV",
                    "pass the devices to the container (--device /dev/\(hidden[0])), or use a kernel with it"
                )
            } else if machine.exists("/sys/bus/gpio") {
                (
                    "no driver has registered a chip",
                    "enable the controller in the device tree or load its driver; to try tap without hardware, "
                        + "use a simulated board"
                )
            } else {
                (
                    "this kernel was built without GPIO (CONFIG_GPIOLIB)",
                    "use a machine or kernel that has it; to try tap without hardware, use a simulated board"
                )
            }
        let hasConverters = !iioDevices().isEmpty
        return DoctorCheck("gpio chips", hasConverters ? .degraded : .broken, "none", why: why, remedy: remedy)
    }

    private func accessCheck(_ gpio: GPIOInventory) -> DoctorCheck {
        let user = machine.userName
        guard let refused = gpio.refused.first else { return .fine("gpio access", "\(user) may open every chip") }
        let total = gpio.chips.count + gpio.refused.count
        let found = "\(user) may open \(gpio.chips.count) of \(counted(total, "chip"))"
        let verdict: DoctorCheck.Verdict = gpio.chips.isEmpty ? .broken : .degraded
        guard refused.refusal.isPermission else {
            return DoctorCheck(
                "gpio access", verdict, found, why: "\(refused.path) cannot be opened: \(refused.refusal.name)",
                remedy: "check the kernel's messages (dmesg)")
        }
        let (why, remedy) = wayIn(
            refused.path, user, group: "gpio",
            rule: #"SUBSYSTEM=="gpio", KERNEL=="gpiochip[0-9]*", GROUP="gpio", MODE="0660""#)
        return DoctorCheck("gpio access", verdict, found, why: why, remedy: remedy)
    }

    /// Why a user may not open a device, and the lines to paste: into the device's group if there is one that may,
    /// otherwise a udev rule that makes one.
    func wayIn(_ path: String, _ user: String, group: String, rule: String) -> (why: String, remedy: String) {
        func join(_ group: String) -> String { "sudo usermod -aG \(group) \(user)" }
        if let owner = try? machine.calls.owner(path), owner.group != 0, owner.permissions & 0o060 == 0o060 {
            let name = machine.groupName(owner.group) ?? "\(owner.group)"
            guard machine.calls.user().groups.contains(owner.group) else {
                return (
                    "\(path) is for the group \(name), and \(user) is not in it",
                    "join it, then log in again; in a service unit: SupplementaryGroups=\(name)\n\(join(name))"
                )
            }
            return (
                "\(path) is refused although \(user) is in its group \(name)",
                "a sandbox forbids it: in a service unit see DeviceAllow= and PrivateDevices=, in a container --device"
            )
        }
        let create = machine.hasGroup(named: group) ? "" : "sudo groupadd --system \(group)\n"
        return (
            "only root may open \(path): no udev rule gives it to a group",
            "add the rule and join the group, then log in again\n\(create)"
                + "echo '\(rule)' | sudo tee /etc/udev/rules.d/60-tap-\(group).rules\n"
                + "sudo udevadm control --reload && sudo udevadm trigger --subsystem-match=\(group)\n\(join(group))"
        )
    }

    private func libraryCheck() -> DoctorCheck {
        guard let library = machine.libraries.gpiod else {
            return DoctorCheck(
                "gpio library", isSimulated ? .degraded : .broken, "none",
                why: "this tap was built without libgpiod: it cannot read digital lines",
                remedy: "install libgpiod-dev and build with the trait Gpiod (on by default)")
        }
        if library.hasUAPI2 { return .fine("gpio library", "libgpiod \(library.version) (uAPI v2)") }
        return .degraded(
            "gpio library", "libgpiod \(library.version) (uAPI v1)",
            why:
                "it has no sequence numbers, so a loss is inferred and never counted; it cannot debounce, choose a "
                + "clock, or ask for a longer queue",
            remedy: "install libgpiod 2 (Debian 12: from bookworm-backports; Debian 13 has it) and build tap there")
    }

    private func eventClockCheck(_ gpio: GPIOInventory) -> DoctorCheck {
        guard let version = kernelVersion else {
            return .unknown(
                "event clock", "not known",
                why: "the kernel's version '\(machine.calls.kernel().release)' cannot be read"
            )
        }
        guard version >= (5, 7) else {
            return .degraded(
                "event clock", "realtime", why: "before Linux 5.7 edges are stamped by a clock that may jump",
                remedy: "use a newer kernel")
        }
        let slow = gpio.chips.compactMap { chip in slowBus(of: chip).map { "\(chip.label) is behind \($0)" } }
        guard slow.isEmpty else {
            return .degraded(
                "event clock", "monotonic, stamped by the kernel",
                why: "\(slow.joined(separator: ", ")): its edges are stamped in a thread after a bus transfer, so late",
                remedy: "connect signals whose timing matters to a chip of the processor")
        }
        return .fine("event clock", "monotonic, stamped in the interrupt")
    }

    private func isEmulated(_ chip: GPIOChip) -> Bool {
        ChipDevice.isEmulated(machine.linkTarget("/sys/bus/gpio/devices/\(chip.name)") ?? "")
    }

    private func slowBus(of chip: GPIOChip) -> String? {
        guard let path = machine.linkTarget("/sys/bus/gpio/devices/\(chip.name)") else { return nil }
        // A controller may itself be called fe204000.spi; what stands behind one is below spi0, i2c-1 or usb1.
        return [("i2c-", "I2C"), ("spi", "SPI"), ("usb", "USB")].first { prefix, _ in
            path.split(separator: "/").dropLast().contains { part in
                part.hasPrefix(prefix) && part.dropFirst(prefix.count).first.map { $0.isNumber } ?? false
            }
        }?.1
    }

    private func queueCheck() -> DoctorCheck {
        if let library = machine.libraries.gpiod, !library.hasUAPI2 {
            return .degraded(
                "event queue", "16 events per line, the newest lost when full",
                why: "uAPI v1 has no other size: 0.8 ms at 20,000 edges/s", remedy: "install libgpiod 2")
        }
        return .fine("event queue", "1,024 events per line, the maximum: 51 ms at 20,000 edges/s")
    }
}
