import TapCore

/// Makes scans of channels that change one by one: a scan of a device whenever any of its channels changed, with the
/// others as they were. What was never set is not a number.
struct HeldScans: Sendable {
    private let places: [(device: Int, channel: Int)]
    private let devices: [DeviceInfo]
    private var values: [[Double]]
    private var isChanged: [Bool]
    private var isAnyChanged = false
    private var scans: [UInt64]
    private var raw: [UInt8] = []

    /// - Parameter table: of floats of 64 bits.
    init(_ table: DeviceTable) {
        places = table.places
        devices = table.devices
        values = devices.map { Array(repeating: .nan, count: $0.channels.count) }
        isChanged = devices.map { _ in false }
        scans = devices.map { _ in 0 }
    }

    /// - Parameter channel: in the order in which they were added to the table.
    mutating func set(_ channel: Int, _ value: Double) {
        let place = places[channel]
        values[place.device][place.channel] = value
        isChanged[place.device] = true
        isAnyChanged = true
    }

    /// Nothing more changes at this time.
    mutating func flush(at time: Timestamp, into buffer: inout RecordBuffer) {
        guard isAnyChanged else { return }
        isAnyChanged = false
        for (index, device) in devices.enumerated() where isChanged[index] {
            isChanged[index] = false
            raw.removeAll(keepingCapacity: true)
            for value in values[index] { raw.append(littleEndian: value.bitPattern, bytes: 8) }
            buffer.append(
                ScanBlock(
                    device: device.id, firstTime: time, period: .zero, count: 1, bytesPerScan: device.bytesPerScan,
                    sequence: scans[index], stamps: .exact, uncertainty: .zero), raw: raw)
            scans[index] += 1
        }
    }
}

extension [UInt8] {
    mutating func append(littleEndian value: UInt64, bytes: Int) {
        for byte in 0..<bytes { append(UInt8(truncatingIfNeeded: value >> UInt64(8 * byte))) }
    }
}
