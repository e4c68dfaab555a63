/// One sample of a device's scans: of which channel, which of the samples under its name, and where it lies.
public struct ScanSample: Sendable, Hashable {
    public let channel: ChannelInfo
    /// Counted from 0; above 0 only where the channel has several samples in a scan.
    public let index: Int
    /// In a scan, in bytes.
    public let byteOffset: Int

    public var format: ScanFormat { channel.format }

    /// Where it lies in a block's bytes.
    public func position(in block: ScanBlock, scan: Int) -> Int { scan * block.bytesPerScan + byteOffset }

    /// Of a scan of a block, in the channel's unit; `raw` are the block's bytes, otherwise this traps.
    public func value(in block: ScanBlock, scan: Int, raw: RawSpan) -> Double {
        channel.value(in: raw, at: position(in: block, scan: scan))
    }
}

extension DeviceInfo {
    /// Every sample of a scan, in the order of the channels.
    public var samples: [ScanSample] {
        channels.flatMap { channel in
            (0..<channel.format.repeats).map { index in
                ScanSample(
                    channel: channel, index: index,
                    byteOffset: channel.byteOffset + index * channel.format.bytesPerSample)
            }
        }
    }
}
