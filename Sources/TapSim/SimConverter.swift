public import TapCore

/// What a simulated converter measures: each scan is a function of its number alone.
///
/// The raw codes are unsigned, from 0 at the bottom of a channel's range (offset - amplitude) to 2^bits - 1 at its top;
/// a constant channel ranges from zero to twice its value.
public struct SimConverter: Sendable {
    /// As a session knows it.
    public let info: DeviceInfo
    /// From one scan to the next; scan 0 is taken at time zero.
    public let period: Nanoseconds
    private let channels: [SimulatedChannel]

    /// - Parameters:
    ///   - name: of the converter.
    ///   - channels: all of one rate, the first one's counts.
    ///   - device: the session's number of it.
    public init(_ name: String, _ channels: [SimulatedChannel], device: DeviceID) {
        self.channels = channels
        let rate = channels.first?.rate_hz ?? 1
        period = Nanoseconds(Int64((1e9 / rate).rounded()))
        let bytes = channels.contains { $0.bits > 16 } ? 4 : 2
        info = DeviceInfo(
            id: device, name: name, method: .simulated, isTimestamped: true, rate_hz: rate,
            bytesPerScan: bytes * channels.count,
            channels: channels.enumerated().map { index, channel in
                SimConverter.describe(channel, at: index * bytes, storageBits: bytes * 8)
            })
    }

    /// The simulated converters of a board, in the order of their first channels.
    public static func all(_ channels: [SimulatedChannel]) -> [SimConverter] {
        var groups: [(name: Substring, channels: [SimulatedChannel])] = []
        for channel in channels {
            let name = channel.name.split(separator: ".").first ?? ""
            if let index = groups.firstIndex(where: { $0.name == name }) {
                groups[index].channels.append(channel)
            } else {
                groups.append((name, [channel]))
            }
        }
        return groups.enumerated().map {
            SimConverter(String($0.element.name), $0.element.channels, device: DeviceID(UInt16($0.offset)))
        }
    }

    /// Appends the raw samples of one scan, as `info` lays them out.
    func append(scan number: UInt64, to raw: inout [UInt8]) {
        let time = (period * Int64(clamping: number)).count
        for index in channels.indices {
            let code = code(of: index, at: time)
            for byte in 0..<info.channels[index].format.bytesPerSample {
                raw.append(UInt8(truncatingIfNeeded: code >> UInt64(8 * byte)))
            }
        }
    }

    /// A channel's code at a time in nanoseconds, zero or later.
    func code(of index: Int, at time: Int64) -> UInt64 {
        let channel = channels[index]
        let (bottom, span) = SimConverter.range(of: channel)
        let period = max(1, channel.period.count)
        let turns = Double(time % period) / Double(period)
        let value =
            switch channel.wave {
            case .constant: channel.offset
            case .square: channel.offset + (turns < 0.5 ? channel.amplitude : -channel.amplitude)
            case .sine: channel.offset + channel.amplitude * Sine.ofTurns(turns)
            case .ramp: channel.offset + channel.amplitude * (2 * turns - 1)
            }
        let code = ((value - bottom) / span * SimConverter.steps(channel)).rounded()
        return UInt64(max(0, min(code, SimConverter.steps(channel))))
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
}
