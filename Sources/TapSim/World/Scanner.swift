import TapConfig
import TapCore

/// A converter's scans, one after the other from the first on: a function of its waves and the seed.
struct Scanner {
    let info: DeviceInfo
    /// From one scan to the next, in nanoseconds; scan 0 is taken at time zero.
    let period: UInt64
    /// The farthest that a scan is really taken after its time.
    let reach: UInt64
    /// The number of the scan that is next.
    private(set) var next: UInt64 = 0
    private let channels: [Channel]
    private let bytes: Int
    /// Of the aperture jitter.
    private let deviation: Double
    private var random: Random

    private struct Channel {
        let value: AnalogGenerator
        let bottom: Double
        let span: Double
        let steps: Double
    }

    init(_ converter: Converter, device: DeviceID, _ builder: WaveBuilder) {
        period = UInt64((1e9 / converter.rate_hz).rounded())
        bytes = converter.channels.contains { $0.bits > 16 } ? 4 : 2
        channels = converter.channels.map { channel in
            Channel(
                value: builder.analog(channel.wave, "channel \(converter.name).\(channel.name)"),
                bottom: channel.bottom, span: channel.top - channel.bottom, steps: Scanner.steps(channel))
        }
        deviation = Double(converter.jitter.count)
        reach = UInt64(4 * converter.jitter.count)
        random = Random(seed: builder.seed, stream: "converter \(converter.name) jitter")
        info = Scanner.describe(converter, device, bytes: bytes)
    }

    private static func steps(_ channel: ConverterChannel) -> Double { Double((UInt64(1) << UInt64(channel.bits)) - 1) }

    /// A converter as a session knows it.
    static func describe(_ converter: Converter, _ device: DeviceID) -> DeviceInfo {
        describe(converter, device, bytes: converter.channels.contains { $0.bits > 16 } ? 4 : 2)
    }

    private static func describe(_ converter: Converter, _ device: DeviceID, bytes: Int) -> DeviceInfo {
        DeviceInfo(
            id: device, name: converter.name, method: .simulated, isTimestamped: true, rate_hz: converter.rate_hz,
            bytesPerScan: bytes * converter.channels.count,
            channels: converter.channels.enumerated().map { index, channel in
                let scale = (channel.top - channel.bottom) / steps(channel)
                return ChannelInfo(
                    name: channel.name, channel: "simulated", unit: channel.unit, byteOffset: index * bytes,
                    format: ScanFormat(isBigEndian: false, isSigned: false, bits: channel.bits, storageBits: bytes * 8),
                    offset: channel.bottom / scale, scale: scale)
            })
    }

    /// Up to when everything must be known for the next scan.
    var due: UInt64 { period * next + reach }

    /// Takes the next scan: appends its raw samples, as `info` lays them out. Random waves draw once a scan.
    mutating func take(into raw: inout [UInt8]) {
        let time = aperture(period * next)
        for channel in channels {
            let share = (channel.value.value(at: time) - channel.bottom) / channel.span
            let code = (share * channel.steps).rounded()
            // What is no number is the bottom.
            append(UInt64(max(0, min(code, channel.steps))), to: &raw)
        }
        next += 1
    }

    private mutating func aperture(_ time: UInt64) -> UInt64 {
        guard deviation > 0 else { return time }
        let shift = max(-4, min(random.gaussian(), 4)) * deviation
        return UInt64(max(0, Int64(time) + Int64(shift.rounded())))
    }

    private func append(_ code: UInt64, to raw: inout [UInt8]) {
        raw.append(UInt8(truncatingIfNeeded: code))
        raw.append(UInt8(truncatingIfNeeded: code >> 8))
        guard bytes == 4 else { return }
        raw.append(UInt8(truncatingIfNeeded: code >> 16))
        raw.append(UInt8(truncatingIfNeeded: code >> 24))
    }
}
