import TapCore

/// What a channel measured: means of a tenth of a second, and what filters of first order make of them, as an input of a PLC does.
struct ChannelTrace: Sendable {
    let name: String
    let unit: String
    let sample: ScanSample
    /// Of each filter; empty until something was measured.
    private(set) var values: [Float] = []
    private var filtered: [Double] = []
    private var sum = 0.0
    private var count = 0
    private var end: Int64?

    static let bucket: Int64 = 100_000_000
    /// In seconds; 0 is the mean itself.
    static let filters: [Double] = [0] + (0..<15).map { index in (0..<index).reduce(0.2) { value, _ in value * 1.4 } }
    private static let shares = filters.map { 0.1 / (0.1 + $0) }

    init(_ sample: ScanSample, unique: Bool) {
        self.sample = sample
        name = unique ? sample.channel.name : "\(sample.channel.name)[\(sample.index)]"
        unit = sample.channel.unit
    }

    mutating func take(_ value: Double, at time: Int64) {
        guard value.isFinite else { return }
        if let last = end, time >= last {
            close()
            end = time < last + ChannelTrace.bucket ? last + ChannelTrace.bucket : nil
        }
        if end == nil { end = time + ChannelTrace.bucket }
        sum += value
        count += 1
    }

    private mutating func close() {
        guard count > 0 else { return }
        let mean = sum / Double(count)
        (sum, count) = (0, 0)
        if filtered.isEmpty {
            filtered = ChannelTrace.filters.map { _ in mean }
            values = filtered.map { Float($0) }
            return
        }
        for index in filtered.indices {
            filtered[index] += (mean - filtered[index]) * ChannelTrace.shares[index]
            values[index] = Float(filtered[index])
        }
    }
}
