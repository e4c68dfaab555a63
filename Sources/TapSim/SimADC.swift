public import TapCore

/// A converter that nobody soldered: samples simulated channels together, at one rate.
///
/// The raw codes are unsigned, from 0 at the bottom of a channel's range (offset - amplitude) to 2^bits - 1 at its top;
/// a constant channel ranges from zero to twice its value. Stamps are virtual time, exact. Like `SimSource`, it waits
/// for room where virtual time does. Not thread-safe, never blocks.
public struct SimADC: ~Copyable, TapSource {
    public private(set) var info: SourceInfo
    private let channels: [SimulatedChannel]
    private let device: DeviceID
    private let period: Nanoseconds
    private var start = Timestamp.zero
    private var next: UInt64 = 0
    private var raw: [UInt8] = []

    /// Scans of one block: a function of the rate, so that blocks do not depend on when the source is stepped.
    private let scansPerBlock: Int

    /// - Parameters:
    ///   - name: of the converter.
    ///   - channels: all of one rate, the first one's counts.
    ///   - device: the session's number of it.
    public init(_ name: String, _ channels: [SimulatedChannel], device: DeviceID) {
        self.channels = channels
        self.device = device
        let rate = channels.first?.rate_hz ?? 1
        period = Nanoseconds(Int64((1e9 / rate).rounded()))
        scansPerBlock = max(1, min(256, Int(rate / 20)))
        let bytes = channels.contains { $0.bits > 16 } ? 4 : 2
        info = SourceInfo(
            name: "simulated converter \(name)", provenance: .simulated, clock: ClockDomain(.virtual),
            capabilities: [.scans, .waitsForRoom],
            devices: [
                DeviceInfo(
                    id: device, name: name, method: .simulated, isTimestamped: true, rate_hz: rate,
                    bytesPerScan: bytes * channels.count,
                    channels: channels.enumerated().map { index, channel in
                        SimADC.describe(channel, at: index * bytes, storageBits: bytes * 8)
                    })
            ],
            // A block is written once its last scan has come.
            longestSilence: period * Int64(scansPerBlock) + SimSource.longestSilence)
    }

    private static func describe(_ channel: SimulatedChannel, at offset: Int, storageBits: Int) -> ChannelInfo {
        let (bottom, span) = range(of: channel)
        let scale = span / steps(channel)
        return ChannelInfo(
            name: String(channel.name.split(separator: ".").last ?? ""), channel: "simulated", unit: channel.unit,
            byteOffset: offset,
            format: ScanFormat(isBigEndian: false, isSigned: false, bits: channel.bits, storageBits: storageBits),
            offset: bottom / scale, scale: scale)
    }

    private static func range(of channel: SimulatedChannel) -> (bottom: Double, span: Double) {
        let reach = channel.wave == .constant ? channel.offset.magnitude : channel.amplitude.magnitude
        // A channel that never leaves zero still needs a step to count in.
        return (channel.offset - reach, reach == 0 ? 1 : 2 * reach)
    }

    private static func steps(_ channel: SimulatedChannel) -> Double { Double((UInt64(1) << UInt64(channel.bits)) - 1) }

    public mutating func start(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        start = now
        info.clock.offsetToMonotonic = now - .zero
        return .at(now + SimSource.tick)
    }

    public mutating func step(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        let present = now - start
        while true {
            let last = period * Int64(next + UInt64(scansPerBlock) - 1)
            guard last <= present else { break }
            guard write(scansPerBlock, into: &writer) else { return .room }
        }
        // Nothing of the next block is out before it is whole.
        writer.watermark(at: .zero + min(present, period * Int64(next) - Nanoseconds(1)))
        return .at(now + SimSource.tick)
    }

    public mutating func stop(at now: Timestamp, into writer: inout RecordWriter) {
        let due = UInt64((now - start).count / period.count) + 1
        while next < due, write(Int(min(due - next, UInt64(scansPerBlock))), into: &writer) {}
    }

    /// - Returns: false for want of room.
    private mutating func write(_ count: Int, into writer: inout RecordWriter) -> Bool {
        let block = ScanBlock(
            device: device, firstTime: .zero + period * Int64(next), period: period, count: count,
            bytesPerScan: info.devices[0].bytesPerScan, sequence: next, stamps: .exact, uncertainty: .zero)
        guard !writer.shouldWait(forCells: block.cells) else { return false }
        raw.removeAll(keepingCapacity: true)
        for scan in 0..<UInt64(count) {
            let time = period.count * Int64(next + scan)
            for (index, channel) in channels.enumerated() {
                append(code(of: channel, at: time), bytes: info.devices[0].channels[index].format.bytesPerSample)
            }
        }
        unsafe raw.withUnsafeBytes { unsafe writer.scans(block, raw: $0.bytes) }
        next += UInt64(count)
        return true
    }

    private mutating func append(_ code: UInt64, bytes: Int) {
        for byte in 0..<bytes { raw.append(UInt8(truncatingIfNeeded: code >> UInt64(8 * byte))) }
    }

    /// The converter's code at a time in nanoseconds.
    private func code(of channel: SimulatedChannel, at time: Int64) -> UInt64 {
        let (bottom, span) = SimADC.range(of: channel)
        let period = max(1, channel.period.count)
        let turns = Double(time % period) / Double(period)
        let value =
            switch channel.wave {
            case .constant: channel.offset
            case .square: channel.offset + (turns < 0.5 ? channel.amplitude : -channel.amplitude)
            case .sine: channel.offset + channel.amplitude * Sine.ofTurns(turns)
            case .ramp: channel.offset + channel.amplitude * (2 * turns - 1)
            }
        let code = ((value - bottom) / span * SimADC.steps(channel)).rounded()
        return UInt64(max(0, min(code, SimADC.steps(channel))))
    }
}
