import TapCore

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
