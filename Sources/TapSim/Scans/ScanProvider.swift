public import TapCore

/// Converters of which every client may read its own stream. Safe from any thread.
public protocol ScanProvider: Sendable {
    /// Each with its nominal rate; the raw scans that readers give are laid out as these say.
    var devices: [DeviceInfo] { get }

    /// A stream of one device's scans from its first on.
    ///
    /// What it gives depends on nothing but the device, so that all clients get the same.
    ///
    /// - Parameter device: an index into `devices`.
    func makeReader(of device: Int) -> any ScanReader
}
