import TapCore

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
