/// Where the kernel has a GPIO chip among its devices.
package enum ChipDevice {
    /// As "/sys/devices/platform/gpio-sim.0/gpiochip0"; nil: nowhere.
    package static func path(ofChip name: String) -> String? {
        try? SystemCalls.system.realPath("/sys/bus/gpio/devices/\(name)")
    }

    /// Whether the kernel computes the chip at that path (gpio-sim, gpio-mockup): there is no pin behind it.
    package static func isEmulated(_ path: String) -> Bool {
        path.contains("/gpio-sim") || path.contains("/gpio-mockup")
    }

    /// Whether the chip at that path is behind a bus, which the kernel cannot read in an interrupt.
    package static func isSlow(_ path: String) -> Bool {
        ["/i2c-", "/spi_master/", "/usb"].contains { path.contains($0) }
    }
}
