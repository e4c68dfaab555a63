import TapCore
import TapSim

/// The scans that one client gets after its OPEN.
struct IIODStream {
    /// The mask as it was sent.
    let mask: String
    let bytesPerScan: Int
    /// Scans that libiio takes for one buffer of the kernel.
    private let samples: Int
    private let period: Nanoseconds
    private let parts: [Part]
    private let rawBytesPerScan: Int
    private var reader: any ScanReader
    private var scans = Scans()
    /// What is taken until then is passed over first.
    private var passing: Timestamp?

    /// Where the kernel refused scans for want of room: from the first refused until room was made.
    private var refused: (from: Timestamp, to: Timestamp)?
    private(set) var refusals = 0

    /// A piece of a scan as the client gets it.
    private struct Part {
        /// In the provider's scan; nil: the time.
        var from: Int?
        var to: Int
        var count: Int
    }

    /// - Parameter start: the stream begins with the first scan that is taken then or later.
    /// - Returns: nil where the mask does not fit the device.
    init?(
        _ device: IIODContext.Device, rawBytesPerScan: Int, mask: String, samples: Int, reader: any ScanReader,
        from start: Timestamp
    ) {
        guard let channels = IIODStream.channels(of: device, mask) else { return nil }
        self.mask = mask
        self.samples = samples
        self.rawBytesPerScan = rawBytesPerScan
        self.reader = reader
        passing = start > .zero ? start - Nanoseconds(1) : nil
        period = device.period
        // As iio_compute_scan_bytes in drivers/iio/industrialio-buffer.c: each aligned to its own size, the whole to
        // the largest.
        var (parts, end, largest): ([Part], Int, Int) = ([], 0, 1)
        for channel in channels {
            let bytes = channel.format.bytes
            end = (end + bytes - 1) / bytes * bytes
            largest = max(largest, bytes)
            if let last = parts.last, let from = channel.byteOffset, last.from.map({ $0 + last.count }) == from,
                last.to + last.count == end
            {
                parts[parts.count - 1].count += bytes
            } else {
                parts.append(Part(from: channel.byteOffset, to: end, count: bytes))
            }
            end += bytes
        }
        self.parts = parts
        bytesPerScan = (end + largest - 1) / largest * largest
    }

    /// Eight hexadecimal digits for 32 channels, the highest first.
    private static func channels(of device: IIODContext.Device, _ mask: String) -> [IIODContext.Channel]? {
        let digits = Array(mask.utf8)
        guard digits.count == 8 * device.maskWords else { return nil }
        var chosen: [Int] = []
        for (place, digit) in digits.reversed().enumerated() {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
            chosen += (0..<4).filter { value >> $0 & 1 == 1 }.map { 4 * place + $0 }
        }
        guard !chosen.isEmpty, chosen.allSatisfy(device.channels.indices.contains) else { return nil }
        return chosen.map { device.channels[$0] }
    }

    enum Piece: Equatable {
        case bytes([UInt8])
        /// So many scans are not there yet; ask again then.
        case later(Timestamp)
        /// Scans are being passed over; ask again once others had their turn.
        case again
        /// Nothing follows.
        case end
    }

    /// The next scans, interleaved: as many as fit in `wanted` bytes and `most`, or all that are left.
    ///
    /// - Parameters:
    ///   - now: scans up to this time are taken; distant future: all are.
    ///   - bufferCount: buffers that the kernel keeps for a client that does not fetch them.
    mutating func take(_ wanted: Int, most: Int, at now: Timestamp, bufferCount: Int) -> Piece {
        if let end = passing {
            guard reader.pass(until: end, period) else { return .again }
            passing = nil
        }
        refuse(at: now, keeping: samples * bufferCount)
        guard let next = reader.next else { return .end }
        let count = min(max(1, min(wanted, most) / bytesPerScan), samples)
        let last = next + period * Int64(count - 1)
        if refused == nil, now != .distantFuture, last > now { return .later(last) }
        scans.removeAll()
        reader.read(count, until: due(now), into: &scans)
        guard scans.times.isEmpty else { return .bytes(interleaved()) }
        guard let refused else { return reader.next.map { .later($0) } ?? .end }
        // Everything before the loss is out.
        passing = refused.to
        refusals += 1
        self.refused = nil
        return .again
    }

    private func due(_ now: Timestamp) -> Timestamp { refused.map { $0.from - Nanoseconds(1) } ?? now }

    /// What is not fetched is kept by the kernel up to a limit: then the newest are refused, and nobody counts them but us.
    private mutating func refuse(at now: Timestamp, keeping kept: Int) {
        guard now != .distantFuture, let next = reader.next else { return }
        let room = period * Int64(kept)
        if let refused {
            // What came after the loss has to find room too; where it does not, all of it is refused.
            if (refused.from - next) + (now - refused.to) > room { self.refused = (refused.from, now) }
        } else if next + room <= now {
            refused = (next + room, now)
        }
    }

    private func interleaved() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(scans.times.count * bytesPerScan)
        for (scan, time) in scans.times.enumerated() {
            let begin = bytes.count
            for part in parts {
                while bytes.count < begin + part.to { bytes.append(0) }
                if let from = part.from {
                    let start = scan * rawBytesPerScan + from
                    bytes += scans.raw[start..<start + part.count]
                } else {
                    for byte in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: time.nanoseconds >> UInt64(8 * byte))) }
                }
            }
            while bytes.count < begin + bytesPerScan { bytes.append(0) }
        }
        return bytes
    }
}

extension ScanReader {
    /// Passes over scans until `end`, but no more than what leaves others their turn.
    ///
    /// - Returns: whether all of them are passed.
    mutating func pass(until end: Timestamp, _ period: Nanoseconds) -> Bool {
        guard let next, next <= end else { return true }
        skip(until: min(end, next + period * 4_095))
        return self.next.map { $0 > end } ?? true
    }
}
