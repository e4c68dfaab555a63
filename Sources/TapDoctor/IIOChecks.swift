import TapCore
import TapDriver

extension Doctor {
    struct IIODevice: Hashable {
        var names: DeviceNames
        var hasBuffer: Bool
        var id: String { names.id }
        var name: String { names.shown }
    }

    func iioDevices() -> [IIODevice] {
        let directory = "/sys/bus/iio/devices"
        return machine.names(directory, prefix: "iio:device").map { id in
            IIODevice(
                names: DeviceNames(
                    id: id, name: machine.text("\(directory)/\(id)/name"),
                    label: machine.text("\(directory)/\(id)/label")),
                hasBuffer: machine.exists("\(directory)/\(id)/buffer/enable"))
        }
    }

    func iioChecks() -> [DoctorCheck] {
        let devices = iioDevices()
        var checks = [devicesCheck(devices)]
        if !devices.isEmpty { checks.append(accessCheck(devices)) }
        checks.append(iioLibraryCheck(isNeeded: !devices.isEmpty))
        return checks
    }

    private func devicesCheck(_ devices: [IIODevice]) -> DoctorCheck {
        guard devices.isEmpty else {
            let names = devices.map { $0.hasBuffer ? $0.name : "\($0.name) (polled only)" }
            return .fine("iio devices", "\(counted(devices.count, "device")): \(names.joined(separator: ", "))")
        }
        if let board, isSimulated || !board.adcs.contains(where: { $0.isFitted }) {
            return .fine("iio devices", "none; the board \(board.name) has none of its own")
        }
        let hasIIO = machine.exists("/sys/bus/iio")
        return .degraded(
            "iio devices", "none",
            why: hasIIO
                ? "no driver has registered an ADC"
                : "this kernel has no IIO loaded (module industrialio), or none at all",
            remedy: "nothing, if only digital lines are captured; otherwise load the ADC's driver "
                + "(a device tree overlay on most boards)")
    }

    private func accessCheck(_ devices: [IIODevice]) -> DoctorCheck {
        let user = machine.userName
        let buffered = devices.filter(\.hasBuffer)
        guard !buffered.isEmpty else {
            return .fine("iio access", "\(user) may read values; no device here has a buffer")
        }
        var refused: (path: String, refusal: Errno)?
        for device in buffered where refused == nil {
            for path in ["/dev/\(device.id)", "/sys/bus/iio/devices/\(device.id)/buffer/enable"] {
                do throws(Errno) { try machine.calls.access(path, true) } catch {
                    refused = refused ?? (path, error)
                }
            }
        }
        guard let refused else { return .fine("iio access", "\(user) may use every buffer") }
        let found = "\(user) may read values, not use buffers"
        guard refused.refusal.isPermission else {
            return .degraded(
                "iio access", found, why: "\(refused.path) cannot be used: \(refused.refusal.name)",
                remedy: refused.refusal == .notFound
                    ? "the kernel created no device file: pass it to this container, or check that udev or devtmpfs runs"
                    : "check the kernel's messages (dmesg)")
        }
        let (why, remedy) = wayIn(
            refused.path, user, group: "iio",
            // Buffers are set up in sysfs, whose files belong to root whatever the device file says.
            rule: #"SUBSYSTEM=="iio", KERNEL=="iio:device*", GROUP="iio", MODE="0660", "#
                + #"RUN+="/bin/chgrp -R iio /sys%p", RUN+="/bin/chmod -R g=u /sys%p""#)
        return .degraded("iio access", found, why: why, remedy: remedy)
    }

    private func iioLibraryCheck(isNeeded: Bool) -> DoctorCheck {
        guard let version = machine.libraries.iioVersion else {
            return DoctorCheck(
                "iio library", isNeeded ? .broken : .degraded, "none",
                why: "this tap was built without libiio: it cannot read ADCs",
                remedy: "install libiio-dev and build with the trait IIO (on by default)")
        }
        return .fine("iio library", "libiio \(version); ADCs over network or USB are read by blocking calls")
    }
}
