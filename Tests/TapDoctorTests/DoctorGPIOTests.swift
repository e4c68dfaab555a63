import TapCore
import Testing

@testable import TapDoctor
@testable import TapDriver

@Suite
struct DoctorGPIOTests {
    let fake = FakeMachine()

    @Test func `without a chip the reason is the kernel, the driver, or device files that are hidden`() {
        fake.gpio = GPIOInventory()
        fake.take("/sys/bus/iio")
        #expect(fake.check("gpio chips")?.why.hasPrefix("the kernel has 1 chip, but /dev shows none") == true)
        fake.take("/sys/bus/gpio/devices/gpiochip0")
        #expect(fake.check("gpio chips")?.why == "no driver has registered a chip")
        fake.take("/sys/bus/gpio")
        let check = fake.check("gpio chips")
        #expect(check?.verdict == .broken)
        #expect(check?.why == "this kernel was built without GPIO (CONFIG_GPIOLIB)")
        #expect(fake.check("event clock") == nil)
    }

    @Test func `a machine with ADCs and no chip is degraded: it can still witness`() {
        fake.gpio = GPIOInventory()
        #expect(fake.check("gpio chips")?.verdict == .degraded)
    }

    private func refuse(_ refusal: Errno = .denied, groups: [UInt32] = [1000]) {
        fake.gpio = GPIOInventory(refused: [.init(path: "/dev/gpiochip0", refusal: refusal)])
        fake.calls.user = { SystemCalls.User(id: 1000, groups: groups) }
    }

    @Test func `a user who is not in the chips' group gets the line that puts him there`() {
        refuse()
        #expect(
            fake.check("gpio access")
                == .broken(
                    "gpio access", "pi may open 0 of 1 chip",
                    why: "/dev/gpiochip0 is for the group gpio, and pi is not in it",
                    remedy: "join it, then log in again; in a service unit: SupplementaryGroups=gpio\n"
                        + "sudo usermod -aG gpio pi"))
    }

    @Test func `chips of root alone get a udev rule`() {
        refuse()
        fake.calls.owner = { _ throws(Errno) in SystemCalls.Owner(permissions: 0o600, user: 0, group: 0) }
        fake.write("/etc/group", "root:x:0:\n")
        #expect(
            fake.check("gpio access")
                == .broken(
                    "gpio access", "pi may open 0 of 1 chip",
                    why: "only root may open /dev/gpiochip0: no udev rule gives it to a group",
                    remedy: """
                        add the rule and join the group, then log in again
                        sudo groupadd --system gpio
                        echo 'SUBSYSTEM=="gpio", KERNEL=="gpiochip[0-9]*", GROUP="gpio", MODE="0660"' | \
                        sudo tee /etc/udev/rules.d/60-tap-gpio.rules
                        sudo udevadm control --reload && sudo udevadm trigger --subsystem-match=gpio
                        sudo usermod -aG gpio pi
                        """))
    }

    @Test func `a member of the group who is refused is in a sandbox`() {
        refuse(.notPermitted, groups: [1000, 986])
        #expect(fake.check("gpio access")?.why == "/dev/gpiochip0 is refused although pi is in its group gpio")
    }

    @Test func `one chip of two that opens is degraded, not broken`() {
        fake.gpio.refused = [.init(path: "/dev/gpiochip1", refusal: .noDevice)]
        #expect(
            fake.check("gpio access")
                == .degraded(
                    "gpio access", "pi may open 1 of 2 chips", why: "/dev/gpiochip1 cannot be opened: ENODEV",
                    remedy: "check the kernel's messages (dmesg)"))
    }

    @Test func `libgpiod 1.6 reports what it cannot do`() {
        fake.libraries.gpiod = GpiodLibrary(version: "1.6.3", hasUAPI2: false)
        let library = fake.check("gpio library")
        #expect(library?.verdict == .degraded)
        #expect(library?.found == "libgpiod 1.6.3 (uAPI v1)")
        #expect(
            library?.why
                == "it has no sequence numbers, so a loss is inferred and never counted; it cannot debounce, choose a "
                + "clock, or ask for a longer queue")
        #expect(fake.check("event queue")?.found == "16 events per line, the newest lost when full")
    }

    @Test func `a build without libgpiod is broken, and says which trait it wants`() {
        fake.gpio = GPIOInventory()
        fake.libraries.gpiod = nil
        let library = fake.check("gpio library")
        #expect(library?.verdict == .broken)
        #expect(library?.remedy == "install libgpiod-dev and build with the trait Gpiod (on by default)")
        #expect(fake.check("gpio chips")?.verdict == .unknown)
    }

    @Test(arguments: [
        ("../../../devices/platform/soc/fe804000.i2c/i2c-1/1-0020/gpiochip0", "I2C"),
        ("../../../devices/platform/soc/fe204000.spi/spi_master/spi0/spi0.1/gpiochip0", "SPI"),
        ("../../../devices/platform/scb/fd500000.pcie/usb1/1-1/1-1:1.0/gpiochip0", "USB"),
    ])
    func `a chip behind a bus stamps late`(path: String, bus: String) {
        fake.take("/sys/bus/gpio/devices/gpiochip0")
        fake.link("/sys/bus/gpio/devices/gpiochip0", path)
        let clock = fake.check("event clock")
        #expect(clock?.verdict == .degraded)
        #expect(
            clock?.why == "pinctrl-bcm2711 is behind \(bus): its edges are stamped in a thread after a bus transfer, "
                + "so late")
    }

    @Test func `chips that the kernel pretends are called so, and are degraded unless the board wants them`() {
        fake.take("/sys/bus/gpio/devices/gpiochip0")
        fake.link("/sys/bus/gpio/devices/gpiochip0", "../../../devices/platform/gpio-sim.0/gpiochip0")
        let check = fake.check("gpio chips")
        #expect(check?.verdict == .degraded)
        #expect(check?.found == "1 chip, 58 lines: pinctrl-bcm2711 (58, emulated)")
        let board = Board(
            name: "gpio-sim", provenance: .emulatedKernel, chips: [BoardChip(label: "pinctrl-bcm2711", lines: 58)])
        #expect(fake.check("gpio chips", board: board)?.verdict == .fine)
    }

    @Test func `before Linux 5.7 edges are stamped by a clock that jumps; before 5.10 there is no uAPI v2`() {
        fake.calls.kernel = { .init(release: "5.4.0-150-generic", version: "#1 SMP", processor: "aarch64") }
        #expect(fake.check("event clock")?.found == "realtime")
        #expect(fake.check("kernel")?.verdict == .broken)
        fake.calls.kernel = { .init(release: "custom", version: "#1 SMP", processor: "aarch64") }
        #expect(fake.check("event clock")?.verdict == .unknown)
        #expect(fake.check("kernel")?.verdict == .unknown)
    }

    @Test func `buffers of root alone get a udev rule that also opens sysfs`() {
        fake.calls.access = { path, _ throws(Errno) in
            if path.hasPrefix("/sys") { throw .denied }
        }
        fake.calls.owner = { _ throws(Errno) in SystemCalls.Owner(permissions: 0o644, user: 0, group: 0) }
        #expect(
            fake.check("iio access")
                == .degraded(
                    "iio access", "pi may read values, not use buffers",
                    why:
                        "only root may open /sys/bus/iio/devices/iio:device0/buffer/enable: no udev rule gives it to a "
                        + "group",
                    remedy: """
                        add the rule and join the group, then log in again
                        sudo groupadd --system iio
                        echo 'SUBSYSTEM=="iio", KERNEL=="iio:device*", GROUP="iio", MODE="0660", \
                        RUN+="/bin/chgrp -R iio /sys%p", RUN+="/bin/chmod -R g=u /sys%p"' | \
                        sudo tee /etc/udev/rules.d/60-tap-iio.rules
                        sudo udevadm control --reload && sudo udevadm trigger --subsystem-match=iio
                        sudo usermod -aG iio pi
                        """))
    }

    @Test func `a device without a buffer is polled, and needs no permission`() {
        fake.take("/sys/bus/iio/devices/iio:device0/buffer")
        #expect(fake.check("iio devices")?.found == "1 device: ads1015 (polled only)")
        #expect(fake.check("iio access")?.verdict == .fine)
    }

    @Test func `no ADC is degraded, and says whether the kernel has IIO at all`() {
        fake.take("/sys/bus/iio/devices/iio:device0")
        #expect(fake.check("iio devices")?.why == "no driver has registered an ADC")
        fake.take("/sys/bus/iio")
        #expect(
            fake.check("iio devices")?.why == "this kernel has no IIO loaded (module industrialio), or none at all")
    }
}
