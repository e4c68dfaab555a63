import TapCore

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
