import TapCore

/// The search for the next sample that differs, 64 bytes at a time: nearly all samples are what the one before was.
///
/// Unsafe code: loads of eight bytes from an array, each behind the check that they lie in it.
enum SampleScan {
    /// The first of `samples` in which a masked bit is not as in `value`; `samples.upperBound` if there is none.
    ///
    /// - Parameters:
    ///   - bytes: samples of `unit` bytes each, the lowest bits first.
    ///   - unit: 1 to 8.
    static func firstChange(
        from value: UInt64, mask: UInt64, in bytes: [UInt8], _ samples: Range<Int>, unit: Int
    ) -> Int {
        precondition(unit >= 1 && unit <= 8 && samples.lowerBound >= 0 && samples.upperBound * unit <= bytes.count)
        return unsafe bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return samples.upperBound }
            guard 8 % unit == 0 else {
                return unsafe next(from: value, mask, base, samples, unit)
            }
            // Whole words hold whole samples.
            let pattern = repeated(value, unit)
            let masks = repeated(mask, unit)
            var position = samples.lowerBound * unit
            let end = samples.upperBound * unit
            while position + 64 <= end {
                var difference: UInt64 = 0
                for word in 0..<8 {
                    let loaded = unsafe base.loadUnaligned(fromByteOffset: position + word * 8, as: UInt64.self)
                    difference |= UInt64(littleEndian: loaded) ^ pattern
                }
                if difference & masks != 0 { break }
                position += 64
            }
            while position + 8 <= end {
                let word = unsafe UInt64(littleEndian: base.loadUnaligned(fromByteOffset: position, as: UInt64.self))
                let difference = (word ^ pattern) & masks
                if difference != 0 { return (position + difference.trailingZeroBitCount / 8) / unit }
                position += 8
            }
            return unsafe next(from: value, mask, base, position / unit..<samples.upperBound, unit)
        }
    }

    private static func next(
        from value: UInt64, _ mask: UInt64, _ base: UnsafeRawPointer, _ samples: Range<Int>, _ unit: Int
    ) -> Int {
        for sample in samples where unsafe (load(base, sample, unit) ^ value) & mask != 0 { return sample }
        return samples.upperBound
    }

    @inline(__always)
    private static func load(_ base: UnsafeRawPointer, _ sample: Int, _ unit: Int) -> UInt64 {
        var value: UInt64 = 0
        for byte in 0..<unit {
            value |= UInt64(unsafe base.load(fromByteOffset: sample * unit + byte, as: UInt8.self)) << UInt64(8 * byte)
        }
        return value
    }

    private static func repeated(_ value: UInt64, _ unit: Int) -> UInt64 {
        var pattern: UInt64 = 0
        let bits = UInt64(unit * 8)
        let sample = unit == 8 ? value : value & (1 << bits - 1)
        for shift in stride(from: 0 as UInt64, to: 64, by: Int(bits)) { pattern |= sample << shift }
        return pattern
    }

    /// One sample.
    static func sample(_ bytes: [UInt8], _ index: Int, unit: Int) -> UInt64 {
        var value: UInt64 = 0
        for byte in 0..<unit { value |= UInt64(bytes[index * unit + byte]) << UInt64(8 * byte) }
        return value
    }
}
