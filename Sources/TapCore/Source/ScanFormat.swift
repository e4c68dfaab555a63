/// How a sample lies in memory: the kernel's `[be|le]:[f|s|u]bits/storage[Xrepeat]>>shift`
/// (Documentation/ABI/testing/sysfs-bus-iio, `scan_elements/..._type`).
public struct ScanFormat: Sendable, Hashable {
    public var isBigEndian: Bool
    public var isSigned: Bool
    /// An IEEE 754 number of 32 or 64 bits, signed, as capture files hold them.
    public var isFloat = false
    /// Significant bits, 1 to 64.
    public var bits: Int
    /// Bits that a sample takes: 8, 16, 32 or 64.
    public var storageBits: Int
    /// Bits to shift right before the significant ones are taken.
    public var shift: Int
    /// Samples side by side under one name.
    public var repeats: Int

    public init(isBigEndian: Bool, isSigned: Bool, bits: Int, storageBits: Int, shift: Int = 0, repeats: Int = 1) {
        precondition([8, 16, 32, 64].contains(storageBits), "storage is 8, 16, 32 or 64 bits")
        precondition(bits >= 1 && shift >= 0 && bits + shift <= storageBits, "bits and shift fit in the storage")
        precondition(repeats >= 1)
        self.isBigEndian = isBigEndian
        self.isSigned = isSigned
        self.bits = bits
        self.storageBits = storageBits
        self.shift = shift
        self.repeats = repeats
    }

    /// A number of IEEE 754, binary32 or binary64.
    public static func float(bits: Int, isBigEndian: Bool = false) -> ScanFormat {
        precondition(bits == 32 || bits == 64, "a float has 32 or 64 bits")
        var format = ScanFormat(isBigEndian: isBigEndian, isSigned: true, bits: bits, storageBits: bits)
        format.isFloat = true
        return format
    }

    public var bytesPerSample: Int { storageBits / 8 }
    /// Of all repeats together.
    public var bytes: Int { bytesPerSample * repeats }

    /// The raw sample at a byte offset: shifted, masked and sign-extended. An unsigned 64-bit sample above 2^63 - 1 and a
    /// float come out as their bit patterns.
    ///
    /// - Parameter offset: with `bytesPerSample` bytes behind it, otherwise this traps.
    public func sample(in raw: RawSpan, at offset: Int) -> Int64 {
        var word: UInt64 = 0
        for byte in 0..<bytesPerSample {
            let position = isBigEndian ? bytesPerSample - 1 - byte : byte
            word |= UInt64(raw.load(at: offset + position)) << UInt64(8 * byte)
        }
        word >>= UInt64(shift)
        let unused = UInt64(64 - bits)
        let top = word << unused
        return isSigned ? Int64(bitPattern: top) >> Int64(unused) : Int64(bitPattern: top >> unused)
    }
}

extension ScanFormat {
    /// The raw sample at a byte offset as a number: exact up to 53 significant bits.
    ///
    /// - Parameter offset: with `bytesPerSample` bytes behind it, otherwise this traps.
    public func number(in raw: RawSpan, at offset: Int) -> Double {
        let pattern = sample(in: raw, at: offset)
        guard isFloat else { return Double(pattern) }
        return bits == 32
            ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: pattern)))
            : Double(bitPattern: UInt64(bitPattern: pattern))
    }
}

extension ScanFormat {
    /// The inverse of `sample(in:at:)`; bits that do not fit are cut off.
    ///
    /// - Parameter offset: with `bytesPerSample` bytes behind it, otherwise this traps.
    public func store(_ sample: Int64, in raw: inout [UInt8], at offset: Int) {
        let unused = UInt64(64 - bits)
        let word = ((UInt64(bitPattern: sample) << unused) >> unused) << UInt64(shift)
        for byte in 0..<bytesPerSample {
            let position = isBigEndian ? bytesPerSample - 1 - byte : byte
            raw[offset + position] = UInt8(truncatingIfNeeded: word >> UInt64(8 * byte))
        }
    }
}

extension ScanFormat: LosslessStringConvertible {
    public var description: String {
        let times = repeats == 1 ? "" : "X\(repeats)"
        let kind = isFloat ? "f" : isSigned ? "s" : "u"
        return "\(isBigEndian ? "be" : "le"):\(kind)\(bits)/\(storageBits)\(times)>>\(shift)"
    }

    /// Reads the kernel's form; nil where it is not one.
    public init?(_ text: String) {
        var rest = Substring(text)
        func take(_ prefix: String) -> Bool {
            guard rest.hasPrefix(prefix) else { return false }
            rest = rest.dropFirst(prefix.count)
            return true
        }
        func number() -> Int? {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            return Int(digits)
        }
        let isBigEndian = take("be:")
        guard isBigEndian || take("le:") else { return nil }
        // Capitals mark "fully defined" formats in libiio's XML; the meaning for decoding is the same.
        let isFloat = take("f") || take("F")
        let isSigned = isFloat || take("s") || take("S")
        guard isSigned || take("u") || take("U"), let bits = number(), take("/"), let storage = number() else {
            return nil
        }
        var repeats = 1
        if take("X") {
            // The kernel's struct iio_scan_type keeps it in eight bits.
            guard let count = number(), count >= 1, count <= 255 else { return nil }
            repeats = count
        }
        var shift = 0
        if take(">>") {
            guard let count = number() else { return nil }
            shift = count
        }
        guard rest.isEmpty, [8, 16, 32, 64].contains(storage), bits >= 1, bits <= storage, shift <= storage - bits,
            !isFloat || bits == storage && bits >= 32
        else { return nil }
        self.init(
            isBigEndian: isBigEndian, isSigned: isSigned, bits: bits, storageBits: storage, shift: shift,
            repeats: repeats)
        self.isFloat = isFloat
    }
}

extension RawSpan {
    /// One byte; traps outside the span.
    @inlinable @inline(__always)
    public func load(at offset: Int) -> UInt8 {
        precondition(offset >= 0 && offset < byteCount)
        return unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }
}
