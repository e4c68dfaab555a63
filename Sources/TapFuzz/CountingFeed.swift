import TapConfig
import TapCore
import TapSim

/// Scans that say their number, in eight bytes.
final class CountingFeed: ScanFeed {
    /// Of a block's scans.
    static func numbers(_ block: ScanBlock, _ bytes: [UInt8]) -> [UInt64] {
        (0..<block.count).map { scan in
            bytes[scan * block.bytesPerScan..<scan * block.bytesPerScan + 8].reversed().reduce(0) {
                $0 << 8 | UInt64($1)
            }
        }
    }

    func append(scan number: UInt64, to raw: inout [UInt8]) {
        for byte in 0..<8 { raw.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * byte))) }
    }
}
