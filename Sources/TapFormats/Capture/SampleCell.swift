import TapCore

/// Where a sample lies in a scan, and what makes a value of it: without names, so that it costs nothing to pass on.
struct SampleCell {
    let format: ScanFormat
    private let byteOffset: Int
    private let offset: Double
    private let scale: Double

    init(_ sample: ScanSample) {
        (format, byteOffset) = (sample.format, sample.byteOffset)
        (offset, scale) = (sample.channel.offset, sample.channel.scale)
    }

    func raw(in scan: [UInt8]) -> Int64 {
        // The array is lent for the call.
        unsafe scan.withUnsafeBytes { unsafe format.sample(in: $0.bytes, at: byteOffset) }
    }

    func number(in scan: [UInt8]) -> Double {
        unsafe scan.withUnsafeBytes { unsafe format.number(in: $0.bytes, at: byteOffset) }
    }

    /// In the channel's unit.
    func value(in scan: [UInt8]) -> Double { (number(in: scan) + offset) * scale }

    /// It was not measured, or is lost.
    func isMissing(in scan: [UInt8]) -> Bool { format.isFloat && number(in: scan).isNaN }

    /// Its raw value; nil: that is no whole number, or missing.
    func whole(in scan: [UInt8]) -> Int64? {
        guard format.isFloat else { return raw(in: scan) }
        let number = number(in: scan)
        // A zero with a sign is not the same.
        return number == 0 && number.sign == .minus ? nil : Int64(exactly: number)
    }
}

extension SessionHeader {
    /// By place of the device.
    var sampleCells: [[SampleCell]] { devices.map { $0.samples.map(SampleCell.init) } }
}
