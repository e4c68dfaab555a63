import TapCore

/// Names that a foreign file gives, made fit for a session: printable, not empty, each once.
struct UniqueNames {
    private var taken: Set<String> = []
    /// Of a name that came more than once: the number tried next.
    private var next: [String: Int] = [:]

    mutating func take(_ name: String, or standIn: String) -> String {
        let clean = printable(name)
        let base = clean.isEmpty ? standIn : clean
        var unique = base
        while !taken.insert(unique).inserted {
            let number = next[base, default: 2]
            next[base] = number + 1
            unique = "\(base)_\(number)"
        }
        return unique
    }
}

/// An analog channel of a foreign file: one name, of which what stands before the last dot is the device's.
struct ChannelAddress: Hashable {
    /// The device of channels without a dot in their name.
    static let plainDevice = "analog"

    var device: String
    var channel: String

    init(_ name: String) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count > 1, let last = parts.last, !last.isEmpty, !parts[0].isEmpty {
            device = parts.dropLast().joined(separator: ".")
            channel = String(last)
        } else {
            device = ChannelAddress.plainDevice
            channel = name
        }
    }
}

extension DeviceInfo {
    /// The name of a sample in a file that has no devices: `device.channel`, with a number where there are several
    /// samples under one name. The inverse of `ChannelAddress`.
    func fileName(of sample: ScanSample) -> String {
        let address = address(of: sample)
        guard name == ChannelAddress.plainDevice else { return address }
        let plain = String(address.dropFirst(name.count + 1))
        return plain.contains(".") ? address : plain
    }
}

/// Groups the analog channels of a foreign file into devices, in the order in which they come.
struct DeviceTable {
    private(set) var devices: [DeviceInfo] = []
    /// Of each channel that was added: its device's place and its own place in the device.
    private(set) var places: [(device: Int, channel: Int)] = []

    /// - Parameter format: of this channel's samples; they are laid side by side, each at its natural size.
    mutating func add(
        _ name: String, unit: String, format: ScanFormat, offset: Double = 0, scale: Double = 1,
        rate_hz: Double? = nil
    ) {
        let address = ChannelAddress(name)
        let index =
            devices.firstIndex { $0.name == address.device }
            ?? {
                devices.append(
                    DeviceInfo(
                        id: DeviceID(UInt16(devices.count)), name: address.device, method: .replayed,
                        isTimestamped: true, rate_hz: rate_hz, bytesPerScan: 0, channels: []))
                return devices.count - 1
            }()
        let channel = ChannelInfo(
            name: address.channel, channel: "", unit: unit, byteOffset: devices[index].bytesPerScan, format: format,
            offset: offset, scale: scale)
        places.append((index, devices[index].channels.count))
        devices[index].channels.append(channel)
        devices[index].bytesPerScan += format.bytes
    }
}
