import TapConfig
import TapCore

/// A converter's buffer in the kernel, and the trigger that fills it.
///
/// Full, it refuses the newest scan and nobody counts it (drivers/iio/buffer/kfifo_buf.c): the opposite of what a queue of
/// edges does.
struct ScanQueue {
    private let feed: any ScanFeed
    private let period: Nanoseconds
    private let model: KernelModel.Converter
    private let dataBytes: Int
    private let hasStamp: Bool
    private var random: Random
    /// The next trigger: its number, and when it comes.
    private var number: UInt64 = 0
    private var triggerAt: Timestamp
    private var bytes: [UInt8] = []
    private(set) var count = 0
    /// What a converter that is stuck goes on saying.
    private var stuck: [UInt8] = []

    /// - Parameters:
    ///   - dataBytes: of a scan, up to where its time lies.
    ///   - start: nothing before this time is taken.
    init(
        _ feed: any ScanFeed, period: Nanoseconds, dataBytes: Int, hasStamp: Bool, _ model: KernelModel.Converter,
        _ random: Random, start: Timestamp
    ) {
        self.feed = feed
        self.period = period
        self.dataBytes = dataBytes
        self.hasStamp = hasStamp
        self.model = model
        self.random = random
        number = UInt64((start.nanoseconds + UInt64(period.count) - 1) / UInt64(period.count))
        triggerAt = .zero
        triggerAt = next()
    }

    private mutating func next() -> Timestamp {
        .zero + period * Int64(number) + model.trigger.draw(&random)
    }

    var bytesPerScan: Int { dataBytes + (hasStamp ? 8 : 0) }

    /// When `wanted` scans will wait, if none is dropped.
    func due(_ wanted: Int) -> Timestamp { count >= wanted ? .zero : triggerAt + period * Int64(wanted - count - 1) }

    mutating func advance(to now: Timestamp, _ conditions: ConverterConditions) {
        while triggerAt <= now {
            let isDropped = conditions.dropped.contains { $0.contains(triggerAt) }
            let copies = conditions.duplicated.contains { $0.contains(triggerAt) } ? 2 : 1
            if !isDropped { for _ in 0..<copies { put(isStuck: conditions.isStuck(at: triggerAt)) } }
            number += 1
            triggerAt = next()
        }
    }

    private mutating func put(isStuck: Bool) {
        guard count < model.bufferLength else { return }
        if !isStuck || stuck.isEmpty {
            stuck.removeAll(keepingCapacity: true)
            feed.append(scan: number, to: &stuck)
            while stuck.count < dataBytes { stuck.append(0) }
        }
        bytes.append(contentsOf: stuck)
        if hasStamp {
            for byte in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: triggerAt.nanoseconds >> UInt64(8 * byte))) }
        }
        count += 1
    }

    /// The oldest scans, at most `most`.
    mutating func take(_ most: Int) -> [UInt8] {
        let taken = min(most, count)
        let result = Array(bytes.prefix(taken * bytesPerScan))
        bytes.removeFirst(result.count)
        count -= taken
        return result
    }
}
